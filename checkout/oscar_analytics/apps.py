import oscar.apps.analytics.apps as oscar_app


class AnalyticsConfig(oscar_app.AnalyticsConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "checkout.oscar_analytics"

    def ready(self) -> None:
        """Load nothing of Oscar's."""
