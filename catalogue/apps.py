from django.apps import AppConfig


class CatalogueRoomConfig(AppConfig):
    name = "catalogue"
    label = "listing"
