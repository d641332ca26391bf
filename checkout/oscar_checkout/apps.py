import oscar.apps.checkout.apps as oscar_app


class CheckoutConfig(oscar_app.CheckoutConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "checkout.oscar_checkout"

    def ready(self) -> None:
        """Load nothing of Oscar's."""
