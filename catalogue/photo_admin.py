"""The photos of a listing on its administration page: forms that look at the files, verbs that keep them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalogue.add_photo import MOST_PHOTOS, PhotoAlreadyThere, TooManyPhotos, add_photo
from catalogue.describe_photo import describe_photo
from catalogue.models import ListingPhoto
from catalogue.models.pictures import Pictured
from catalogue.order_photos import order_photos
from catalogue.picture_field import PictureField
from catalogue.remove_photo import remove_photo
from kernel.actor import Actor
from kernel.errors import DomainError


class PhotoForm(forms.ModelForm):
    """A photo with its words; another file for a photo takes its place."""

    file = PictureField()
    order = forms.IntegerField(
        label=_("order"),
        required=False,
        min_value=1,
        help_text=_("The first one is shown on cards and when somebody shares the page."),
    )

    class Meta:
        model = ListingPhoto
        fields = ["alt", "alt_en"]
        widgets = {name: forms.TextInput(attrs={"size": 80}) for name in ("alt", "alt_en")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["file"].required = False
            self.initial["order"] = self.instance.position


class PhotoFormSet(BaseInlineFormSet):
    """The photos a listing shows, and what is asked of them."""

    def clean(self) -> None:
        """Refuse what ``add_photo`` would refuse, while it can still be said beside the field."""
        super().clean()
        kept = [form for form in self.forms if self._stays(form)]
        if len(kept) > MOST_PHOTOS:
            raise ValidationError(str(TooManyPhotos(most=MOST_PHOTOS)))
        digests: set[str] = set()
        for form in sorted(kept, key=lambda form: bool(form.cleaned_data.get("file"))):
            picture = form.cleaned_data.get("file")
            digest = picture.digest if picture else form.instance.digest
            if digest and digest in digests:
                form.add_error("file", str(PhotoAlreadyThere()))
            digests.add(digest)

    def _stays(self, form: PhotoForm) -> bool:
        is_wanted = bool(form.instance.pk) or form.has_changed()
        return is_wanted and hasattr(form, "cleaned_data") and not form.cleaned_data.get("DELETE")

    def save_by(self, by: Actor) -> None:
        """Let the verbs do what the forms ask, and tell the administration's history what that was."""
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        now, listing = timezone.now(), self.instance
        wanted: list[tuple[float, int, int]] = []
        for form in self.forms:
            photo, asked = form.instance, form.cleaned_data
            if photo.pk and asked.get("DELETE"):
                remove_photo(photo_id=photo.pk, by=by, now=now)
                self.deleted_objects.append(photo)
            elif self._stays(form):
                words = {"alt": asked["alt"], "alt_en": asked["alt_en"]}
                if picture := asked.get("file"):
                    if photo.pk:
                        remove_photo(photo_id=photo.pk, by=by, now=now)
                    shown = add_photo(listing_id=listing.pk, picture=picture, **words, by=by, now=now)
                    self.new_objects.append(shown)
                else:
                    shown = photo
                    district_id = listing.kind.district_id
                    describe_photo(photo, **words, district_id=district_id, by=by, now=now)
                    if form.has_changed():
                        self.changed_objects.append((photo, form.changed_data))
                wanted.append((*_place(form), shown.pk))
        ordered = [photo_id for *_, photo_id in sorted(wanted, key=lambda row: row[:2])]
        order_photos(listing_id=listing.pk, photo_ids=ordered, by=by, now=now)


def _place(form: PhotoForm) -> tuple[float, int]:
    """Return where a photo shall stand: on a number that is taken, before who has it if it moves up, else behind."""
    asked, now = form.cleaned_data.get("order") or float("inf"), form.initial.get("order") or float("inf")
    return asked, (asked > now) - (asked < now)


class PhotoInline(admin.StackedInline):
    model = ListingPhoto
    form = PhotoForm
    formset = PhotoFormSet
    verbose_name, verbose_name_plural = _("photo"), _("photos")
    fields = ["preview", "file", "alt", "alt_en", "order"]
    readonly_fields = ["preview"]
    extra = 1

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(removed_at=None).order_by("position")

    @admin.display(description=_("now"))
    def preview(self, photo: ListingPhoto) -> SafeString | str:
        return preview_of(photo)


class WithPhotos(admin.ModelAdmin):
    """The administration of listings, whose photos are kept by verbs."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        if not isinstance(formset, PhotoFormSet):
            super().save_formset(request, form, formset, change)
            return
        assert request.user.pk is not None, "the administration knows its users"
        formset.save_by(Actor.user(request.user.pk, through="admin"))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say what a verb refused because somebody else was at the same listing; nothing was saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())


def preview_of(row: Pictured | None) -> SafeString | str:
    """Return a small picture of what pages show, or a dash."""
    if row is None or not row.stem:
        return "–"
    return format_html('<img src="{}" width="160" height="120" alt="{}">', row.thumbnail, row.alt)
