from typing import Any

from django.apps import apps
from django.conf.urls import i18n
from django.urls import include, path

shop: Any = apps.get_app_config("oscar")
urlpatterns = [
    path("i18n/", include(i18n)),
    path("", include(shop.urls[0])),
]
