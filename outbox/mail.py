"""Mail through the outbox: written with what it tells of, sent after commit."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMultiAlternatives, get_connection

from outbox.handlers import Hopeless
from outbox.put import put

TOPIC = "mail"
SECONDS_TO_ANSWER = 20
FOR_GOOD = 500  # SMTP's replies from here on are permanent


class MailRefused(Exception):
    """The mail server does not take it for this recipient just now."""


def put_mail(*, key: str, to: str, subject: str, text: str, html: str = "", now: datetime) -> None:
    """Have a mail sent after commit. The subject names no service: a work inbox may be read by others."""
    payload: dict[str, object] = {"to": to, "subject": subject, "text": text, "html": html}
    put(TOPIC, key=f"mail:{key}", payload=payload, now=now)


def send_mail(*, to: str, subject: str, text: str, html: str) -> None:
    """Send a mail that was put: the handler of its topic.

    :raises Hopeless: the server refuses the recipient for good.
    :raises MailRefused: it refuses the recipient for now.
    :raises OSError: anything else between us and the server; ``smtplib``'s errors are such.
    """
    # Without a limit of our own, a server that says nothing would hold the worker until it is killed.
    connection = get_connection(timeout=SECONDS_TO_ANSWER)
    mail = EmailMultiAlternatives(subject=subject, body=text, to=[to], connection=connection)
    if html:
        mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as refusal:
        codes = {code for code, _ in refusal.recipients.values()}
        # Without the error that names the recipient: what we raise here is logged and kept.
        if all(code >= FOR_GOOD for code in codes):
            raise Hopeless(f"the recipient is refused for good: {sorted(codes)}") from None
        raise MailRefused(f"the recipient is refused for now: {sorted(codes)}") from None
