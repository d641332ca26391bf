from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "marketplace"

    def ready(self) -> None:
        """Make the Celery application the current one, and tell the outbox its handlers."""
        from marketplace import celery, outcomes  # noqa: F401, PLC0415
