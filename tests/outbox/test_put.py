from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event

import pytest
from django.db import connections, transaction
from django.utils import timezone

from outbox.models import Message
from outbox.put import MOST_BYTES, MessageKeyReused, PayloadTooLarge, put
from outbox.tasks import dispatch
from tests.builders import NOW
from tests.outbox.letters import handled_by
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def _put(number: int = 1, topic: str = "test", key: str = "a", now: datetime = NOW) -> bool:
    return put(topic, key=key, payload={"number": number, "lines": [1, {"è": None}]}, now=now)


def test_the_same_message_counts_once():
    assert _put() is True
    assert _put() is False

    assert Message.objects.count() == 1


@pytest.mark.parametrize("other", [{"number": 2}, {"topic": "other"}])
def test_the_same_key_for_something_else_is_a_bug(other):
    _put()

    with pytest.raises(MessageKeyReused):
        _put(**other)

    assert Message.objects.get().payload["number"] == 1


def test_a_forgotten_message_still_counts_once():
    _put()
    Message.objects.update(payload={}, dispatched_at=NOW, forgotten_at=NOW)

    assert _put() is False


def test_a_payload_is_no_place_for_files():
    with pytest.raises(PayloadTooLarge):
        put("test", key="a", payload={"file": "x" * MOST_BYTES}, now=NOW)

    assert not Message.objects.exists()


@pytest.mark.parametrize("number", [float("nan"), NOW])
def test_what_is_no_json_is_refused_before_it_is_written(number):
    with pytest.raises((TypeError, ValueError)):
        put("test", key="a", payload={"number": number}, now=NOW)

    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_handled_before_the_commit_and_nothing_without():
    seen = []
    with handled_by(lambda **payload: seen.append(payload["number"])):
        with transaction.atomic():
            _put(now=timezone.now())
            assert seen == []
        assert seen == [1]

        with transaction.atomic():
            _put(key="b", now=timezone.now())
            transaction.set_rollback(True)

    assert seen == [1]
    assert [message.key for message in Message.objects.all()] == ["a"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_reach_who_has_committed(monkeypatch, caplog):
    def away(**_: object) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(dispatch, "apply_async", away)

    with transaction.atomic():
        _put()

    assert Message.objects.due(NOW).count() == 1
    assert "the broker did not take message a" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_eight_who_put_the_same_at_once_put_one_and_know_who_did():
    with handled_by(lambda **_: None):
        results = at_once(8, lambda _: _put())

    assert sorted(results) == [False] * 7 + [True]
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival_commits", [True, False])
def test_a_rival_that_has_not_committed_is_waited_for(rival_commits):
    has_put, may_end = Event(), Event()

    def rival() -> None:
        try:
            with transaction.atomic():
                _put(number=2)
                has_put.set()
                assert may_end.wait(timeout=10)
                transaction.set_rollback(not rival_commits)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool, handled_by(lambda **_: None):
        first = pool.submit(rival)
        assert has_put.wait(timeout=10)
        second = pool.submit(at_once, 1, lambda _: _put(number=1))
        assert not second.done()
        may_end.set()
        first.result()
        (outcome,) = second.result()

    if rival_commits:
        assert isinstance(outcome, MessageKeyReused)
    else:
        assert outcome is True
    assert Message.objects.get().payload["number"] == (2 if rival_commits else 1)
