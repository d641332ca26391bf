"""Mail through the outbox: written with what it tells of, sent after commit."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives

from outbox.put import put

TOPIC = "mail"


def put_mail(*, key: str, to: str, subject: str, text: str, html: str = "", now: datetime) -> None:
    """Have a mail sent after commit. The subject names no service: a work inbox may be read by others."""
    payload: dict[str, object] = {"to": to, "subject": subject, "text": text, "html": html}
    put(TOPIC, key=f"mail:{key}", payload=payload, now=now)


def send_mail(*, to: str, subject: str, text: str, html: str) -> None:
    """Send a mail that was put: the handler of its topic."""
    mail = EmailMultiAlternatives(subject=subject, body=text, to=[to])
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()
