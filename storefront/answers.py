"""The questions of the basket's listings as fields of a form, and what was answered."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from catalogue.models import Listing, Question
from checkout.place_purchase import GivenAnswer
from checkout.questions import AskedOf

LONGEST_ANSWER = 300
MOST = 9_999


class FormWithQuestions(forms.Form):
    """A form that has, after its own fields, one for each question of each listing."""

    def __init__(self, *args: Any, asked: list[AskedOf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for one in asked:
            for question in one.questions:
                self.fields[_name(one.listing, question)] = _field(question)

    def by_listing(self) -> Iterator[tuple[Listing, list[BoundField]]]:
        """Give each listing with the fields of its questions."""
        for one in self.asked:
            yield one.listing, [self[_name(one.listing, question)] for question in one.questions]

    def answers(self) -> tuple[GivenAnswer, ...]:
        """Return what was answered; a question that was left open has no answer."""
        return tuple(
            GivenAnswer(one.listing.pk, question.pk, str(said))
            for one in self.asked
            for question in one.questions
            if (said := self.cleaned_data[_name(one.listing, question)]) not in {"", None}
        )


def _name(listing: Listing, question: Question) -> str:
    return f"risposta-{listing.pk}-{question.pk}"


def _field(question: Question) -> forms.Field:
    known: dict[str, Any] = {
        "label": question.wording,
        "help_text": question.hint,
        "required": question.is_required,
    }
    if question.answer == Question.Answer.NUMBER:
        return WholeNumberField(**known)
    if question.answer == Question.Answer.CHOICE:
        choices = [("", _("Choose")), *question.options()]
        return forms.ChoiceField(
            choices=choices,
            error_messages={
                "required": _("Choose one of these."),
                "invalid_choice": _("Choose one of these."),
            },
            **known,
        )
    if question.answer == Question.Answer.YES_NO:
        return forms.ChoiceField(
            choices=question.options(),
            widget=forms.RadioSelect,
            error_messages={"required": _("Answer yes or no."), "invalid_choice": _("Answer yes or no.")},
            **known,
        )
    return forms.CharField(
        max_length=LONGEST_ANSWER,
        error_messages={"required": _("Write a few words: whoever comes needs to know.")},
        **known,
    )


class WholeNumberField(forms.CharField):
    """A whole number in a plain text field: number buttons are too small for a thumb, and clamp silently."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off", "class": "short"}
        super().__init__(
            widget=forms.TextInput(attrs=attributes),
            error_messages={"required": _("Write a number, for example 2.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if typed and not (typed.isascii() and typed.isdecimal() and int(typed[:6]) <= MOST):
            raise ValidationError(_("Write a whole number, for example 2."))
        return typed
