"""What a family chose on the page of a series: of each date, its time, another one near it, or none."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.clock import day_in_words
from providers.weekly_series import Occurrence

SKIP = "salta"


def field_of(day: date) -> str:
    """The name of a date's field."""
    return f"g-{day.isoformat()}"


class SeriesForm(forms.Form):
    """One field a date. A free date is a tick; any other needs an answer, if there is a time near it.

    What was free when the page was shown and no longer is has to be answered anew.
    """

    def __init__(self, *args: Any, occurrences: list[Occurrence], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occurrences = occurrences
        for occurrence in occurrences:
            self.fields[field_of(occurrence.day)] = forms.CharField(
                required=False, max_length=20, label=day_in_words(occurrence.day, language)
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for occurrence in self.occurrences:
            name = field_of(occurrence.day)
            said = data.get(name, "")
            if said.isdecimal() and int(said) in occurrence.around:
                continue
            if said.isdecimal():
                self.add_error(name, _("The time you chose is gone. Choose again for this date."))
            elif occurrence.is_free or occurrence.instead is None:
                data[name] = SKIP
            elif said != SKIP:
                self.add_error(name, _("Choose another time for this date, or skip it."))
        if not self.errors and not self.slot_ids:
            self.add_error(None, _("Choose one time at least."))
        return data

    @property
    def slot_ids(self) -> list[int]:
        """The slots chosen, in the order of the dates."""
        names = (field_of(occurrence.day) for occurrence in self.occurrences)
        said = (self.cleaned_data.get(name, "") for name in names)
        return [int(slot_id) for slot_id in said if slot_id.isdecimal()]
