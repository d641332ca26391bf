from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from outbox.forget import KEPT_FOR, forget_message
from outbox.models import Message
from outbox.sweeping import run_sweep
from outbox.sweeps import OLD_MESSAGES
from tests.builders import NOW
from tests.outbox.letters import a_message

pytestmark = pytest.mark.django_db

LETTER = {"to": "anna@example.org", "text": "Words"}


def forget_all() -> None:
    run_sweep(OLD_MESSAGES, clock=lambda: NOW)


def test_what_was_dispatched_a_month_ago_is_forgotten_and_that_it_was_stays():
    a_message(payload=LETTER, dispatched_at=NOW - KEPT_FOR, attempts=2)

    forget_all()

    message = Message.objects.get()
    assert (message.payload, message.forgotten_at) == ({}, NOW)
    assert (message.key, message.topic, message.dispatched_at) == ("a", "test", NOW - KEPT_FOR)


@pytest.mark.parametrize(
    "standing",
    [{"dispatched_at": NOW - KEPT_FOR + timedelta(seconds=1)}, {"dead_at": NOW - 2 * KEPT_FOR}, {}],
)
def test_what_is_recent_dead_or_waiting_is_kept(standing):
    a_message(payload=LETTER, **standing)

    forget_all()

    assert Message.objects.get().payload == LETTER


@pytest.mark.parametrize("standing", [{"dead_at": NOW - 2 * KEPT_FOR}, {}])
def test_what_was_not_dispatched_is_not_forgotten_whoever_asks(standing):
    message = a_message(payload=LETTER, **standing)

    forget_message(message.pk, NOW)

    assert Message.objects.get().payload == LETTER


def test_what_is_forgotten_is_not_forgotten_again():
    message = a_message(payload={}, dispatched_at=NOW - 2 * KEPT_FOR, forgotten_at=NOW - KEPT_FOR)

    forget_message(message.pk, NOW)

    assert Message.objects.get().forgotten_at == NOW - KEPT_FOR


@pytest.mark.parametrize("standing", [{"payload": {}}, {"payload": LETTER, "dispatched_at": NOW}])
def test_only_what_was_dispatched_and_emptied_may_be_called_forgotten(standing):
    with pytest.raises(IntegrityError, match="message_forgotten_was_dispatched"), transaction.atomic():
        a_message(forgotten_at=NOW, **standing)
