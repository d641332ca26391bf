import oscar.apps.catalogue.apps as oscar_app


class CatalogueConfig(oscar_app.CatalogueOnlyConfig):
    """Oscar's tables under Oscar's label; none of Oscar's pages."""

    name = "catalogue.oscar_catalogue"

    def ready(self) -> None:
        from oscar.apps.catalogue import receivers  # noqa: F401, PLC0415
