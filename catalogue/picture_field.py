"""A form's field for a photo: what it cleans to has been looked at and made ready, and nothing is on disk yet."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kernel.pictures import MOST_BYTES, Picture, PictureRefused, PictureTooHeavy, in_megabytes, make_picture


class PictureField(forms.FileField):
    """Takes a photo as a telephone makes it, and gives a ``kernel.pictures.Picture``."""

    widget = forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"})
    default_error_messages = {
        "required": _("Choose a photo."),
        "empty": _("The file is empty. Choose it again."),
    }

    def __init__(self, **options: Any) -> None:
        told = _("JPEG, PNG, WebP or AVIF, at most 10 MB, lying rather than upright: pages show it 4:3.")
        super().__init__(**{"label": _("photo"), "help_text": told} | options)

    def clean(self, data: Any, initial: Any = None) -> Picture | None:
        """Return the picture, or ``None`` where none was chosen and none is required.

        :raises ValidationError: it cannot be shown, with the words that say why.
        """
        upload: UploadedFile | None = super().clean(data, initial)
        if not upload:
            return None
        name, size = str(upload.name), int(upload.size or 0)
        try:
            if size > MOST_BYTES:  # before it is read into memory
                raise PictureTooHeavy(name=name, megabytes=in_megabytes(size))
            return make_picture(upload.read(), name=name)
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
