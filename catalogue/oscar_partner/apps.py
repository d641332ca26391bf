import oscar.apps.partner.apps as oscar_app


class PartnerConfig(oscar_app.PartnerConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "catalogue.oscar_partner"

    def ready(self) -> None:
        """Load nothing of Oscar's."""
