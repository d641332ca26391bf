from django import forms
from django.utils.translation import gettext_lazy as _


class ServiceCodeForm(forms.Form):
    """The code that the family reads aloud when the service is done."""

    service_code = forms.CharField(
        label=_("The family's service code"),
        help_text=_("Six letters and digits: it is on their booking and in their mail."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        error_messages={"required": _("Write the code that the family reads to you.")},
    )
