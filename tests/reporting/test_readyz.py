"""Ready means that all three answer; otherwise the answer says which does not."""

import pytest
from django.core.cache import cache
from django.test import Client

from outbox.tasks import WORKER_SEEN, beat

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    """A worker that has just shown a sign of life."""
    beat()
    yield
    cache.delete(WORKER_SEEN)


def test_ready_when_database_worker_and_sandbox_answer(worker, sandbox, settings):
    settings.PAYMENTS_ARE_A_SANDBOX = True

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": []})


def test_not_ready_without_a_sign_of_life_from_a_worker(sandbox, settings):
    settings.PAYMENTS_ARE_A_SANDBOX = True
    cache.delete(WORKER_SEEN)

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["missing"] == ["no sign of life from a worker"]


def test_not_ready_without_the_sandbox(worker, settings):
    settings.PAYMENTS_ARE_A_SANDBOX = True
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    answer = Client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["missing"] == ["the payments sandbox does not answer"]


def test_with_stripe_itself_no_sandbox_is_asked_for(worker, settings):
    settings.PAYMENTS_ARE_A_SANDBOX = False
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"

    assert Client().get("/readyz").status_code == 200


def test_not_ready_when_the_cache_that_keeps_the_signs_of_life_is_away(sandbox, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    settings.PAYMENTS_ARE_A_SANDBOX = True

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["missing"]) == (503, ["the cache does not answer"])
