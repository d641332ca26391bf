"""Addresses of the sandbox."""

from django.urls import path, re_path

from payments.sandbox.api import serve_api
from payments.sandbox.controls import serve_controls
from payments.sandbox.overview import show_overview
from payments.sandbox.pages import (
    send_no_icon,
    serve_authentication_page,
    serve_pay_page,
    serve_stylesheet,
    tell_health,
)

urlpatterns = [
    path("", show_overview),
    path("healthz", tell_health),
    path("static/sandbox.css", serve_stylesheet),
    path("favicon.ico", send_no_icon),
    path("pay/<str:session_id>", serve_pay_page),
    path("3ds/<str:intent_id>/<str:token>", serve_authentication_page),
    path("sandbox/<str:lever>", serve_controls),
    re_path(r"^v[12]/", serve_api),
]
