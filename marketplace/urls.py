from django.contrib import admin
from django.urls import include, path

from storefront.views.home import welcome

urlpatterns = [
    path("", welcome, name="welcome"),
    path("", include("reporting.urls")),
    path("", include("payments.urls")),
    path("gestione/", admin.site.urls),
    path("accedi/", include("allauth.account.urls")),
    path("lingua/", include("django.conf.urls.i18n")),
    path("<slug:district>/cooperativa/", include("portal.urls")),
    path("<slug:district>/", include("storefront.urls")),
]
