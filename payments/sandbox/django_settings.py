"""Django as a bare web framework: no apps, no database, no sessions."""

import logging
import secrets
from pathlib import Path

from django.conf import settings


def configure_django() -> None:
    """Set Django up to serve the sandbox's addresses."""
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("django.request").setLevel(logging.ERROR)
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DEBUG=False,
        INSTALLED_APPS=[],
        LOGGING_CONFIG=None,
        MIDDLEWARE=["payments.sandbox.pages.add_security_headers"],
        ROOT_URLCONF="payments.sandbox.urls",
        SECRET_KEY=secrets.token_hex(),
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
            }
        ],
        USE_I18N=False,
        USE_TZ=True,
    )
