"""A cooperative's picture on its administration page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from audit.record import PLATFORM
from catalogue.describe_photo import describe_photo
from catalogue.photo_admin import preview_of
from catalogue.picture_field import PictureField
from kernel.actor import Actor
from providers.models import Cooperative, CooperativePicture
from providers.remove_picture import remove_picture
from providers.set_picture import set_picture

WORDS = forms.fields_for_model(
    CooperativePicture,
    fields=["alt", "alt_en"],
    widgets={name: forms.TextInput(attrs={"size": 80}) for name in ("alt", "alt_en")},
)


class CooperativeForm(forms.ModelForm):
    """A cooperative with the picture it shows."""

    picture = PictureField(required=False, label=_("picture"))
    picture_alt = WORDS["alt"]
    picture_alt_en = WORDS["alt_en"]
    picture_away = forms.BooleanField(label=_("show no picture"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture_alt"].required = False
        if shown := shown_picture(self.instance):
            self.initial["picture_alt"] = shown.alt
            self.initial["picture_alt_en"] = shown.alt_en

    def clean(self) -> dict[str, Any]:
        """Ask for words where there will be a picture."""
        cleaned = super().clean() or {}
        will_show = cleaned.get("picture") or (
            shown_picture(self.instance) and not cleaned.get("picture_away")
        )
        if will_show and not cleaned.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error(
                "picture_alt", ValidationError(WORDS["alt"].error_messages["required"], code="required")
            )
        return cleaned


class WithPicture(admin.ModelAdmin):
    """The administration of cooperatives, whose picture is kept by verbs."""

    form = CooperativeForm
    readonly_fields = ["preview"]

    @admin.display(description=_("picture now"))
    def preview(self, cooperative: Cooperative) -> SafeString | str:
        return preview_of(shown_picture(cooperative))

    def save_model(self, request: HttpRequest, obj: Cooperative, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        assert request.user.pk is not None, "the administration knows its users"
        by, now, asked = Actor.user(request.user.pk, through="admin"), timezone.now(), form.cleaned_data
        words = {"alt": asked["picture_alt"], "alt_en": asked["picture_alt_en"]}
        if picture := asked["picture"]:
            set_picture(cooperative_id=obj.pk, picture=picture, **words, by=by, now=now)
        elif asked["picture_away"]:
            remove_picture(cooperative_id=obj.pk, by=by, now=now)
        elif shown := shown_picture(obj):
            describe_photo(shown, **words, district_id=PLATFORM, by=by, now=now)


def shown_picture(cooperative: Cooperative) -> CooperativePicture | None:
    """Return the picture that the cooperative shows, if any."""
    return cooperative.pictures.filter(removed_at=None).first() if cooperative.pk else None
