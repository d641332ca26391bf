"""allauth's mails, sent through the outbox like every other."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.context import request
from django.conf import settings
from django.contrib.sites.models import Site
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.crypto import get_random_string

from outbox.mail import put_mail


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail of that template into the outbox."""
        mail = self.render_mail(
            template_prefix, email, {"request": request, "email": email, "current_site": _here(), **context}
        )
        html = (
            mail.alternatives[0][0] if isinstance(mail, EmailMultiAlternatives) and mail.alternatives else ""
        )
        put_mail(
            key=f"account:{get_random_string(24)}",
            to=email,
            subject=mail.subject,
            text=str(mail.body),
            html=str(html),
            now=timezone.now(),
        )


def _here() -> Site:
    """The site as mails name it: from the settings, not from a row that somebody forgot to change."""
    return Site(domain=settings.PUBLIC_URL.split("://", 1)[-1], name=settings.OSCAR_SHOP_NAME)
