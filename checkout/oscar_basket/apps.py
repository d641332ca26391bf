import oscar.apps.basket.apps as oscar_app


class BasketConfig(oscar_app.BasketConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "checkout.oscar_basket"

    def ready(self) -> None:
        """Load nothing of Oscar's."""
