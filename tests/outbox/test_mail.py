"""What the mail server answers decides how long we try."""

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from outbox.dispatch import dispatch_message
from outbox.mail import put_mail
from outbox.models import Message
from tests.builders import NOW

pytestmark = pytest.mark.django_db


def a_mail() -> None:
    put_mail(key="m", to="anna@example.org", subject="Hello", text="Words", html="<p>Words</p>", now=NOW)


def answers(monkeypatch: pytest.MonkeyPatch, answer: Exception) -> Message:
    """Have the server answer so, and return the message after one attempt."""

    def send(*_: object) -> int:
        raise answer

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    a_mail()
    dispatch_message(key="mail:m", now=NOW)
    return Message.objects.get()


def test_a_mail_is_sent_with_both_its_faces():
    a_mail()

    dispatch_message(key="mail:m", now=NOW)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["anna@example.org"], "Hello", "Words")
    assert sent.alternatives[0][0] == "<p>Words</p>"


@pytest.mark.parametrize(
    "answer",
    [
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"who are you"),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPRecipientsRefused({"anna@example.org": (451, b"greylisted")}),
        TimeoutError("said nothing"),
        ConnectionRefusedError("not there"),
    ],
)
def test_troubles_that_may_pass_are_met_with_patience(monkeypatch, answer):
    message = answers(monkeypatch, answer)

    assert message.dead_at is None
    assert message.due_at > NOW
    assert "anna@" not in message.last_error


def test_a_recipient_refused_for_good_is_not_asked_fifteen_times(monkeypatch, caplog):
    message = answers(
        monkeypatch, smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no such anna@example.org")})
    )

    assert message.dead_at == NOW
    assert message.last_error == "Hopeless: the recipient is refused for good: [550]"
    assert "anna@" not in caplog.text


def test_a_header_smuggled_into_a_subject_sends_nothing():
    put_mail(key="m", to="anna@example.org", subject="Hi\nBcc: all@example.org", text="", now=NOW)

    dispatch_message(key="mail:m", now=NOW)

    assert mail.outbox == []
    assert "BadHeaderError" in Message.objects.get().last_error
