import oscar.apps.customer.apps as oscar_app


class CustomerConfig(oscar_app.CustomerConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "checkout.oscar_customer"

    def ready(self) -> None:
        """Load nothing of Oscar's."""
