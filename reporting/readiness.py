"""Whether this shop can serve: the database answers, a worker lives, the payments sandbox does."""

from http import HTTPStatus

import requests
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from redis.exceptions import RedisError

from outbox.tasks import WORKER_SEEN


def troubles() -> list[str]:
    """Return in words what is missing; an empty list means ready."""
    found = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if cache.get(WORKER_SEEN) is None:
            found.append("no sign of life from a worker")
    except DatabaseError:
        found.append("the database does not answer")
    except RedisError:
        found.append("the cache does not answer")
    if settings.PAYMENTS_ARE_A_SANDBOX and not _sandbox_answers():
        found.append("the payments sandbox does not answer")
    return found


def _sandbox_answers() -> bool:
    try:
        answer = requests.get(f"{settings.STRIPE_API_BASE}/healthz", timeout=2)
    except requests.RequestException:
        return False
    return answer.status_code == HTTPStatus.OK
