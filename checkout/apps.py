from django.apps import AppConfig


class CheckoutRoomConfig(AppConfig):
    name = "checkout"
    label = "purchase"
