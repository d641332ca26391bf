"""Production does not start half dressed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DRESSED = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "only-for-the-test-9f2c71d08be34a56a1c0e7d5b8f3426e-Kq7ZxWv",
    "PUBLIC_URL": "https://example.org",
    "ALLOWED_HOSTS": "example.org",
    "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/nowhere",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "DEFAULT_FROM_EMAIL": "Per il tuo tempo <posta@example.org>",
    "STRIPE_SECRET_KEY": "sk_live_only_for_the_test",
    "STRIPE_WEBHOOK_SECRET": "whsec_only_for_the_test",
}


def boot(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-c", "import django; django.setup()"]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**bare, **environment, "DJANGO_SETTINGS_MODULE": "marketplace.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_fully_dressed_it_starts():
    assert boot(DRESSED).returncode == 0


@pytest.mark.parametrize(
    "missing",
    [
        "SECRET_KEY",
        "PUBLIC_URL",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
    ],
)
def test_without_any_one_of_its_secrets_it_does_not_start(missing):
    refused = boot({name: value for name, value in DRESSED.items() if name != missing})

    assert refused.returncode != 0
    assert f"Set {missing}" in refused.stderr


def test_without_a_word_about_the_environment_we_are_in_production():
    refused = boot({})

    assert "Set SECRET_KEY" in refused.stderr


@pytest.mark.parametrize(
    "test_money",
    [
        {"STRIPE_API_BASE": "http://127.0.0.1:9"},
        {"STRIPE_API_BASE": "http://api.stripe.com"},
        {"STRIPE_SECRET_KEY": "sk_test_only_for_the_test"},
    ],
)
def test_production_does_not_sell_for_test_money(test_money):
    refused = boot({**DRESSED, **test_money})

    assert "production sells for real" in refused.stderr
