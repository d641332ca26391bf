"""What families type: every error names the field, what is wrong and what to do."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.models import Listing, ServiceKind
from kernel.money import THOUSANDTHS
from kernel.quantity import how_many
from providers.keep_slot import MOST_KEPT
from storefront.answers import FormWithQuestions
from storefront.days import coming
from territory.models import District, Municipality


class QuantityField(forms.CharField):
    """A quantity as people type it (``6``, ``4,5``), as thousandths of the unit."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs
        )

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        # The shape first: Decimal would take "1e999999" and then half a minute.
        typed = re.sub(r"\s*(kg|chili|ore|h)?\s*$", "", typed, flags=re.IGNORECASE)
        if not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,3})?", typed):
            raise ValidationError(_("Write a number, for example 6 or 4.5."))
        milli = int(Decimal(typed.replace(",", ".")) * THOUSANDTHS)
        if not milli:
            raise ValidationError(_("Write a number above zero, for example 6 or 4.5."))
        return milli


class WhereForm(forms.Form):
    """What, where and how much: the three things the shop asks before it shows a price."""

    servizio = forms.ModelChoiceField(
        ServiceKind.objects.none(),
        to_field_name="slug",
        label=_("What do you need?"),
        empty_label=_("Choose a service"),
        error_messages={"required": _("Choose what you need: ironing, for example.")},
    )
    comune = forms.ModelChoiceField(
        Municipality.objects.none(),
        to_field_name="slug",
        label=_("Where?"),
        empty_label=_("Choose your municipality"),
        error_messages={"required": _("Choose where: your home, or where you work.")},
    )

    quando = forms.CharField(required=False, label=_("When?"), widget=forms.Select)

    def __init__(self, *args: Any, district: District, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quando"].widget.choices = coming(today)
        self.fields["servizio"].queryset = district.service_kinds.order_by("position")  # type: ignore[attr-defined]
        self.fields["comune"].queryset = district.municipalities.order_by("name")  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """What a kind's page can be asked for in its address; what makes no sense there is ignored."""

    comune = forms.ModelChoiceField(
        Municipality.objects.none(),
        to_field_name="slug",
        required=False,
        label=_("Where?"),
        empty_label=_("All municipalities"),
    )
    quanto = QuantityField(required=False)

    def __init__(self, *args: Any, district: District, kind: ServiceKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quanto"].label = how_many(kind.unit)
        self.fields["comune"].queryset = district.municipalities.order_by("name")  # type: ignore[attr-defined]


class DaysForm(forms.Form):
    """From which day on a listing's times are asked for; what makes no sense is ignored."""

    da = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


def _how_often(times: int) -> str:
    once = _("Only this time")
    return str(once if times == 1 else _("Every week, %(times)s times") % {"times": times})


class KeepForm(forms.Form):
    """A time and a quantity of a listing, once or every week; and whether having a time twice is meant."""

    quanto = QuantityField()
    orario = forms.IntegerField(
        max_value=2**63 - 1,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a time: the first free one is at the top.")},
    )
    volte = forms.TypedChoiceField(
        coerce=int,
        required=False,
        label=_("How many times?"),
        choices=lambda: [(times, _how_often(times)) for times in range(1, MOST_KEPT + 1)],
        help_text=_("Every week at the same hour. You see each date before anything is kept."),
    )
    due_volte = forms.BooleanField(required=False, label=_("Yes, I want it twice"))

    def clean_volte(self) -> int:
        return int(self.cleaned_data["volte"] or 1)

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quanto"].label = how_many(listing.kind.unit)
        self.fields["quanto"].error_messages["required"] = _("Write how much you need.")


class CheckoutForm(FormWithQuestions):
    """Who is served, where, and the promise the law wants heard before the button."""

    name = forms.CharField(
        label=_("Name and surname"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name: it is asked at the door.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("We send the confirmation and the service code here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail: the confirmation goes there."),
            "invalid": _("This e-mail is not complete. It looks like name@example.it."),
        },
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=24,
        help_text=_("Only for whoever comes, on the day."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Write a telephone number: whoever comes may need to call you.")},
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Write street and number: where should they come?")},
    )
    municipality = forms.ModelChoiceField(
        Municipality.objects.none(),
        label=_("Municipality"),
        empty_label=_("Choose your municipality"),
        to_field_name="slug",
        error_messages={"required": _("Choose the municipality where they should come.")},
    )
    notes = forms.CharField(
        label=_("Anything to know?"),
        max_length=300,
        required=False,
        help_text=_("The bell, the floor, a dog. No health details, please."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    early_start = forms.BooleanField(
        label=_(
            "I ask that the service starts before 14 days have passed; I know that, once it is completed, "
            "I can no longer withdraw."
        ),
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, district: District, starts_early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = district.municipalities.order_by("name")  # type: ignore[attr-defined]
        if starts_early:
            self.fields["early_start"].required = True
            self.fields["early_start"].error_messages["required"] = _(
                "This service starts within 14 days: tick here, or choose a later time."
            )
        else:
            del self.fields["early_start"]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        digits = re.sub(r"[ ./-]", "", phone)
        if not re.fullmatch(r"\+?\d{6,15}", digits):
            raise ValidationError(_("A telephone number has 6 to 15 digits, for example 333 123 4567."))
        return digits
