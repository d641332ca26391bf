"""Links that open a purchase for whoever holds them: a guest has no log-in, but has the mail."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from checkout.models import Purchase

_signer = Signer(salt="purchase", sep="~")


class LinkNotOurs(Exception):
    """The link was not signed by us, or its purchase does not exist: nobody learns which."""


def token_of(purchase: Purchase) -> str:
    return _signer.sign(purchase.code)


def purchase_behind(token: str, *, district_id: int) -> Purchase:
    """Return the purchase a signed link opens in that district.

    :raises LinkNotOurs: the token is forged, mistyped, or from elsewhere.
    """
    try:
        code = _signer.unsign(token)
        return Purchase.objects.select_related("district", "contact__municipality").get(
            code=code, district_id=district_id
        )
    except (BadSignature, Purchase.DoesNotExist):
        raise LinkNotOurs from None


def purchase_url(purchase: Purchase) -> str:
    """Return the path of the purchase's page."""
    return reverse("storefront:purchase", args=[purchase.district.slug, token_of(purchase)])


def payment_return_url(purchase: Purchase) -> str:
    """Return the path to which the payment page sends the family back."""
    return reverse("storefront:payment_return", args=[purchase.district.slug, token_of(purchase)])
