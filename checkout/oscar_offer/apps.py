import oscar.apps.offer.apps as oscar_app


class OfferConfig(oscar_app.OfferConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "checkout.oscar_offer"

    def ready(self) -> None:
        """Load nothing of Oscar's."""
