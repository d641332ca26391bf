"""At least once, by one at a time while the claim lasts, with patience, and not for ever."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings

from outbox.dispatch import CLAIM, LONGEST_PATIENCE, MOST_ATTEMPTS, dispatch_message, patience_after
from outbox.handlers import Hopeless
from outbox.models import Message, MessageQuerySet
from outbox.sweeping import run_sweep
from outbox.sweeps import LOST_MESSAGES
from tests.builders import NOW
from tests.outbox.letters import a_message, handled_by, noting
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def fails(**_: object) -> None:
    raise OSError("the server of anna@example.org is down")


def test_a_claim_outlives_the_longest_task():
    assert CLAIM.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


def test_a_handled_message_is_dispatched_and_not_handled_again():
    a_message()
    seen = []

    with handled_by(noting(seen)):
        assert dispatch_message(key="a", now=NOW) is True
        assert dispatch_message(key="a", now=NOW + timedelta(days=1)) is False

    assert seen == [1]
    assert Message.objects.get().dispatched_at == NOW


@pytest.mark.parametrize(
    "standing",
    [
        {"due_at": NOW + timedelta(seconds=1)},
        {"claimed_until": NOW + timedelta(seconds=1)},
        {"dispatched_at": NOW},
        {"dead_at": NOW},
    ],
)
def test_what_is_not_due_is_left_alone(standing):
    a_message(**standing)

    with handled_by(fails):
        assert dispatch_message(key="a", now=NOW) is False

    assert Message.objects.get().attempts == 0


def test_one_that_raises_is_met_again_with_growing_patience():
    a_message()
    now, waits = NOW, []

    with handled_by(fails):
        for _ in range(MOST_ATTEMPTS - 1):
            dispatch_message(key="a", now=now)
            message = Message.objects.get()
            assert message.dead_at is None
            waits.append(message.due_at - now)
            now = message.due_at

    assert waits == sorted(waits)
    assert waits[0] == patience_after(1) == timedelta(seconds=30)
    assert waits[-1] == LONGEST_PATIENCE
    assert timedelta(hours=20) < now - NOW < timedelta(hours=30)


def test_after_the_last_attempt_it_is_dead_and_says_why_without_naming_anybody():
    a_message(attempts=MOST_ATTEMPTS - 1)

    with handled_by(fails):
        dispatch_message(key="a", now=NOW)

    message = Message.objects.get()
    assert message.dead_at == NOW
    assert message.last_error == "OSError: the server of a…@example.org is down"


def test_one_whose_handler_sees_no_hope_is_dead_at_once():
    def hopeless(**_: object) -> None:
        raise Hopeless("nobody lives there")

    a_message()

    with handled_by(hopeless):
        dispatch_message(key="a", now=NOW)

    assert Message.objects.get().dead_at == NOW


def test_a_topic_nobody_handles_is_kept_and_said():
    a_message(topic="unheard of")

    dispatch_message(key="a", now=NOW)

    assert Message.objects.get().last_error == "KeyError: 'unheard of'"


def test_one_that_takes_its_process_with_it_every_time_does_not_go_on_for_ever():
    a_message(attempts=MOST_ATTEMPTS, claimed_until=NOW - timedelta(seconds=1))

    with handled_by(fails):
        assert dispatch_message(key="a", now=NOW) is False

    message = Message.objects.get()
    assert (message.dead_at, message.attempts) == (NOW, MOST_ATTEMPTS)
    assert "process died" in message.last_error


def test_the_claim_of_a_dead_process_runs_out():
    class Killed(BaseException):
        """As a worker that is gone: nothing of ours runs any more."""

    def killed(**_: object) -> None:
        raise Killed

    a_message()
    with handled_by(killed), pytest.raises(Killed):
        dispatch_message(key="a", now=NOW)

    with handled_by(lambda **_: None):
        assert dispatch_message(key="a", now=NOW + CLAIM - timedelta(seconds=1)) is False
        assert dispatch_message(key="a", now=NOW + CLAIM) is True


def test_the_late_failure_of_a_slow_attempt_does_not_end_the_claim_of_the_next():
    def slow(**_: object) -> None:
        # Meanwhile the claim has run out and somebody else is at it.
        Message.objects.update(attempts=2, claimed_until=NOW + 2 * CLAIM)
        raise OSError("much too late")

    a_message()

    with handled_by(slow):
        dispatch_message(key="a", now=NOW)

    message = Message.objects.get()
    assert (message.claimed_until, message.last_error) == (NOW + 2 * CLAIM, "")


@pytest.mark.parametrize("meanwhile", [{"attempts": 2, "claimed_until": NOW + 2 * CLAIM}, {"dead_at": NOW}])
def test_the_late_success_of_a_slow_attempt_counts(meanwhile):
    a_message()

    with handled_by(lambda **_: Message.objects.update(**meanwhile) and None):
        assert dispatch_message(key="a", now=NOW) is True

    message = Message.objects.get()
    assert (message.dispatched_at, message.dead_at, message.claimed_until) == (NOW, None, None)


@pytest.mark.django_db(transaction=True)
def test_of_eight_dispatchers_one_handles():
    a_message()
    seen = []

    with handled_by(noting(seen)):
        results = at_once(8, lambda _: dispatch_message(key="a", now=NOW))

    assert sorted(results) == [False] * 7 + [True]
    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_all_of_them_would_handle(monkeypatch):
    a_message()
    seen, together = [], Barrier(4)

    def handle_together(number: int) -> None:
        together.wait(timeout=10)
        seen.append(number)

    monkeypatch.setattr(MessageQuerySet, "due", lambda self, now: self.all())
    with handled_by(handle_together):
        at_once(4, lambda _: dispatch_message(key="a", now=NOW))

    assert seen == [1] * 4


@pytest.mark.django_db(transaction=True)
def test_four_sweepers_share_the_messages_out():
    for number in range(40):
        a_message(f"m{number}", payload={"number": number})
    seen = []

    with handled_by(noting(seen)):
        at_once(4, lambda _: run_sweep(LOST_MESSAGES, clock=lambda: NOW))

    assert sorted(seen) == list(range(40))


def test_the_longest_due_are_met_first():
    for minutes in (1, 3, 2):
        a_message(f"m{minutes}", due_at=NOW - timedelta(minutes=minutes), payload={"number": minutes})
    seen = []

    with handled_by(noting(seen)):
        run_sweep(LOST_MESSAGES, clock=lambda: NOW)

    assert seen == [3, 2, 1]
