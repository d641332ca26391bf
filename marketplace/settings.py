"""All settings, driven by the environment.

``ENVIRONMENT`` names the kind of place this runs in: ``development``, ``test`` or ``production``. Without
it we are in production, where a missing secret stops the boot. Every variable is told in ``docs/settings.md``.
"""

import os
from pathlib import Path

import dj_database_url
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

# Oscar looks its own settings up in ours.
from oscar.defaults import *  # noqa: F403

env = environ.Env()

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.str("ENVIRONMENT", default="production")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise ImproperlyConfigured("ENVIRONMENT is development, test or production.")
PRODUCTION = ENVIRONMENT == "production"


def secret(name: str, stand_in: str) -> str:
    """Return the secret of that name; only outside production may ``stand_in`` replace it.

    :raises ImproperlyConfigured: in production, when the secret is missing or is the stand-in.
    """
    value = str(env.str(name, default="" if PRODUCTION else stand_in))
    if not value or (PRODUCTION and value == stand_in):
        raise ImproperlyConfigured(f"Set {name}: production does not start without it.")
    return value


DEBUG = False
SECRET_KEY = secret("SECRET_KEY", "not-a-secret-only-for-development-and-tests-000000000000")
PUBLIC_URL = env.str("PUBLIC_URL", default="" if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
if PRODUCTION and not PUBLIC_URL.startswith("https://"):
    raise ImproperlyConfigured("Set PUBLIC_URL to the https address that people use.")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS: the names this site answers to.")
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / "var")))

# --- Rooms -------------------------------------------------------------------------------------------------
OSCAR_UNFORKED = [
    "oscar.apps.address.apps.AddressConfig",
    "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig",
    "oscar.apps.payment.apps.PaymentConfig",
    "oscar.apps.order.apps.OrderConfig",
    "oscar.apps.voucher.apps.VoucherConfig",
]
OSCAR_FORKED = [
    "catalogue.oscar_catalogue.apps.CatalogueConfig",
    "catalogue.oscar_partner.apps.PartnerConfig",
    "checkout.oscar_analytics.apps.AnalyticsConfig",
    "checkout.oscar_basket.apps.BasketConfig",
    "checkout.oscar_checkout.apps.CheckoutConfig",
    "checkout.oscar_customer.apps.CustomerConfig",
    "checkout.oscar_offer.apps.OfferConfig",
]
ROOMS = [
    "marketplace",
    "storefront",
    "portal",
    "reporting",
    "aggregation",
    "checkout",
    "payments",
    "vouchers",
    "companies",
    "providers",
    "catalogue",
    "people",
    "territory",
    "ledger",
    "audit",
    "outbox",
]
INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    *OSCAR_FORKED,
    *OSCAR_UNFORKED,
    "treebeard",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
]
# The forks keep Oscar's migrations: nothing of ours is written under Oscar's labels.
MIGRATION_MODULES = {
    label: f"oscar.apps.{label}.migrations"
    for label in ("analytics", "basket", "catalogue", "customer", "offer", "partner")
}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "catalogue.serve_pictures.PictureMiddleware",
    # Below what is packed already. Secrets in a page are masked anew each time, against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "checkout.oscar_basket.middleware.BasketMiddleware",
]
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["kernel.templating"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "storefront.context.face",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- Data --------------------------------------------------------------------------------------------------
DATABASE_URL = secret("DATABASE_URL", "postgresql://market:market@127.0.0.1:5432/market")
DATABASES = {
    "default": {
        **dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True),
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=30s -c random_page_cost=1.1"
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"},
    # Kept apart: so many pages would drive out the counts of wrong guesses. Each is about 30 kB.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}
SITE_ID = 1

# --- Work that need not happen while somebody waits --------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or DATABASE_URL.replace(
    DATABASE_URL.split(":", 1)[0], "pgmq", 1
)
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {"init_extension": False, "visibility_timeout": 120, "wait_time_seconds": 1, "polling_interval": 0.2}
    if CELERY_BROKER_URL.startswith("pgmq")
    else {"visibility_timeout": 120}
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ALWAYS_EAGER = ENVIRONMENT == "test"
CELERY_TIMEZONE = "Europe/Rome"

# --- Language and time -------------------------------------------------------------------------------------
LANGUAGE_CODE = "it"
LANGUAGES = [("it", _("Italian")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale", ROOT / "locale" / "allauth"]
TIME_ZONE = "Europe/Rome"
USE_TZ = True

# --- People ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
# Throttling counts by address: behind a proxy the address stands in its header.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "welcome"
LOGOUT_REDIRECT_URL = "welcome"

# --- Oscar, headless ---------------------------------------------------------------------------------------
OSCAR_SHOP_NAME = "Per il tuo tempo"
OSCAR_DEFAULT_CURRENCY = "EUR"
OSCAR_DELETE_IMAGE_FILES = False  # deleting a photo would ask for a thumbnailer we do not have
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_INITIAL_ORDER_STATUS = "confirmed"
OSCAR_INITIAL_LINE_STATUS = "confirmed"
OSCAR_BASKET_COOKIE_SECURE = PRODUCTION

# --- Money -------------------------------------------------------------------------------------------------
# What changes a list price, in this order: functions as ``catalogue.pricing`` describes them.
PRICE_STEPS: list[str] = []
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com").rstrip("/")
STRIPE_SECRET_KEY = secret("STRIPE_SECRET_KEY", "sk_test_periltuotempo")
STRIPE_WEBHOOK_SECRET = secret("STRIPE_WEBHOOK_SECRET", "whsec_periltuotempo")
if PRODUCTION and not STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")):
    raise ImproperlyConfigured("STRIPE_SECRET_KEY is a test key: production sells for real.")
PAYMENTS_ARE_A_SANDBOX = not STRIPE_API_BASE.endswith(".stripe.com")
if PRODUCTION and (PAYMENTS_ARE_A_SANDBOX or not STRIPE_API_BASE.startswith("https://")):
    raise ImproperlyConfigured("STRIPE_API_BASE points to a sandbox: production sells for real.")

# --- Mail --------------------------------------------------------------------------------------------------
EMAIL_URL = secret("EMAIL_URL", "filemail://")
vars().update(env.email_url_config(EMAIL_URL))
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20
if ENVIRONMENT == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = secret("DEFAULT_FROM_EMAIL", "Per il tuo tempo <non-rispondere@example.org>")
OSCAR_FROM_EMAIL = SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Files -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Safety ------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [
            SELF,
            "https://checkout.stripe.com",
            *([STRIPE_API_BASE] if PAYMENTS_ARE_A_SANDBOX else []),
        ],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
if PRODUCTION:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^readyz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"stripe": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
