from django.contrib import admin
from django.urls import include, path, register_converter

from kernel.converters import CodeConverter
from marketplace.admin_site import close_oscars_pages
from storefront.views import sitemap
from storefront.views.home import welcome

register_converter(CodeConverter, "code")
close_oscars_pages()

urlpatterns = [
    path("", welcome, name="welcome"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("", include("reporting.urls")),
    path("", include("payments.urls")),
    path("gestione/", admin.site.urls),
    path("accedi/", include("allauth.account.urls")),
    path("lingua/", include("django.conf.urls.i18n")),
    path("<slug:district>/cooperativa/", include("portal.urls")),
    path("<slug:district>/", include("storefront.urls")),
]
