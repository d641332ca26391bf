from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

YES, NO = "yes", "no"


class Question(models.Model):
    """What is asked when a service is booked: of every listing of a kind, or of one listing only.

    ``choices`` is a list of ``{"value", "it", "en"}``. A question is closed, never deleted: answers point to it.
    """

    class Answer(models.TextChoices):
        TEXT = "text", _("A few words")
        NUMBER = "number", _("A whole number")
        CHOICE = "choice", _("One of several")
        YES_NO = "yes_no", _("Yes or no")

    kind = models.ForeignKey("listing.ServiceKind", on_delete=models.PROTECT, related_name="questions")
    listing = models.ForeignKey(
        "listing.Listing", null=True, blank=True, on_delete=models.PROTECT, related_name="questions"
    )
    slug = models.SlugField()
    wording_it = models.CharField(max_length=120)
    wording_en = models.CharField(max_length=120)
    hint_it = models.CharField(max_length=160, blank=True)
    hint_en = models.CharField(max_length=160, blank=True)
    answer = models.CharField(max_length=8, choices=Answer)
    choices = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "listing", "slug"], nulls_distinct=False, name="question_once"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["text", "number", "yes_no"], choices=[])
                | (Q(answer="choice") & ~Q(choices=[])),
                name="question_choices_where_they_belong",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def wording(self) -> str:
        return str(self._in_language("wording"))

    @property
    def hint(self) -> str:
        return str(self._in_language("hint"))

    def options(self) -> list[tuple[str, str]]:
        """Return the choices as value and words; of a yes or no, these two."""
        if self.answer == self.Answer.YES_NO:
            return [(YES, _t("Yes")), (NO, _t("No"))]
        language = "en" if get_language() == "en" else "it"
        return [(choice["value"], choice[language]) for choice in self.choices]

    def _in_language(self, field: str) -> object:
        return getattr(self, f"{field}_{'en' if get_language() == 'en' else 'it'}")
