from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ServiceCodeForm(forms.Form):
    """The code that the family reads aloud when the service is done."""

    done_early = forms.BooleanField(required=False, label=_("The service is already done, before its time."))
    service_code = forms.CharField(
        label=_("The family's service code"),
        help_text=_("Six letters and digits: it is on their booking and in their mail."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": _("Write the code that the family reads to you.")},
    )

    def __init__(self, *args: Any, lies_ahead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["service_code", "done_early"])
        if not lies_ahead:
            del self.fields["done_early"]
