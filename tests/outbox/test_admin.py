"""Dead letters are found, read without the persons in them, and woken by somebody who is recorded."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from audit.models import AuditRow
from outbox.models import Message, SweepRun
from outbox.without_persons import masked
from people.models import User
from tests.builders import NOW
from tests.outbox.letters import a_message, handled_by

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:outbox_message_changelist")
LETTER = {
    "to": "anna@example.org",
    "text": "https://example.org/reset/secret",
    "html": "",
    "tries": 3,
    "in": ["x"],
}


def a_member_of_staff(client, *permissions: str) -> User:
    user = User.objects.create_user("staff@example.org", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="outbox", codename__in=permissions)
    )
    client.force_login(user)
    return user


def wake(client, *messages: Message):
    chosen = [message.pk for message in messages]
    return client.post(PAGE, {"action": "wake", "_selected_action": chosen}, follow=True)


@pytest.mark.parametrize(("standing", "found"), [("dead", "d"), ("waiting", "w"), ("dispatched", "s")])
def test_messages_are_found_by_where_they_stand(client, standing, found):
    a_member_of_staff(client, "view_message")
    a_message("w")
    a_message("d", dead_at=NOW)
    a_message("s", dispatched_at=NOW)

    page = client.get(PAGE, {"standing": standing})

    assert [message.key for message in page.context["cl"].result_list] == [found]


def test_an_unknown_standing_shows_everything(client):
    a_member_of_staff(client, "view_message")
    a_message()

    assert client.get(PAGE, {"standing": "nonsense"}).context["cl"].result_count == 1


def test_staff_without_the_permission_see_nothing(client):
    a_member_of_staff(client)
    message = a_message(payload=LETTER)

    assert client.get(PAGE).status_code == 403
    assert client.get(reverse("admin:outbox_message_change", args=[message.pk])).status_code == 403


def test_a_letter_is_read_without_the_person_and_its_secrets(client):
    a_member_of_staff(client, "view_message")
    message = a_message(payload=LETTER)

    page = client.get(reverse("admin:outbox_message_change", args=[message.pk])).content.decode()

    assert "anna@" not in page
    assert "secret" not in page
    for line in ("to: a…@example.org", "text: (32)", "html: (0)", "tries: 3", "in: [1]"):
        assert f"<div>{line}</div>" in page


def test_what_a_topic_declares_harmless_is_shown_and_escaped(client):
    a_member_of_staff(client, "view_message")
    message = a_message(payload={"purchase_code": "7KQ429<b>"})

    with handled_by(print, shown=("purchase_code",)):
        page = client.get(reverse("admin:outbox_message_change", args=[message.pk])).content.decode()

    assert "<div>purchase_code: 7KQ429&lt;b&gt;</div>" in page


def test_who_wakes_a_dead_letter_is_recorded(client):
    user = a_member_of_staff(client, "view_message", "change_message")
    dead, waiting = a_message("d", dead_at=NOW, attempts=15), a_message("w", attempts=3)

    answer = wake(client, dead, waiting)

    assert answer.status_code == 200
    dead.refresh_from_db()
    waiting.refresh_from_db()
    assert (dead.dead_at, dead.attempts, waiting.attempts) == (None, 0, 3)
    row = AuditRow.objects.get()
    assert (row.who, row.through, row.verb) == (f"user:{user.pk}", "admin", "wake")
    assert (row.subject, row.facts) == (f"message:{dead.pk}", {"topic": "test"})


def test_who_may_only_read_wakes_nothing(client):
    a_member_of_staff(client, "view_message")
    dead = a_message(dead_at=NOW)

    wake(client, dead)

    assert Message.objects.get().dead_at == NOW
    assert not AuditRow.objects.exists()


def test_the_runs_of_the_sweepers_are_to_be_read(client):
    a_member_of_staff(client, "view_sweeprun")
    SweepRun.objects.create(name="silent purchases", started_at=NOW, last_error="no answer")

    page = client.get(reverse("admin:outbox_sweeprun_changelist")).content.decode()

    assert "silent purchases" in page
    assert "no answer" in page


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("{'anna.prova@mail.example.org': (550, b'no')}", "{'a…@mail.example.org': (550, b'no')}"),
        ("to a@b.it, and c@d.it", "to a…@b.it, and c…@d.it"),
        ("nobody @ home", "nobody @ home"),
    ],
)
def test_addresses_in_errors_are_masked(words, expected):
    assert masked(words) == expected
