"""Whether a quantity can be ordered of a listing, and the refusals when it cannot."""

from django.utils.translation import gettext_lazy as _

from catalogue.models import Listing
from kernel.errors import DomainError
from kernel.quantity import counted


class QuantityTooSmall(DomainError):
    code = "quantity_too_small"
    message = _("The minimum here is %(minimum)s. Choose %(minimum)s or more.")


class QuantityTooLarge(DomainError):
    code = "quantity_too_large"
    message = _("The maximum here is %(maximum)s at a time. Choose less, or book twice.")


class QuantityOffStep(DomainError):
    code = "quantity_off_step"
    message = _("The quantity goes in steps of %(step)s. Choose %(nearest)s, for example.")


def check_quantity(listing: Listing, quantity_milli: int) -> None:
    """Pass a quantity that can be ordered.

    :raises QuantityTooSmall: it is under the listing's minimum.
    :raises QuantityTooLarge: it is over the listing's maximum.
    :raises QuantityOffStep: it is not a whole number of steps.
    """
    unit = listing.kind.unit
    if quantity_milli < listing.minimum_milli:
        raise QuantityTooSmall(minimum=counted(listing.minimum_milli, unit))
    if quantity_milli > listing.maximum_milli:
        raise QuantityTooLarge(maximum=counted(listing.maximum_milli, unit))
    if quantity_milli % listing.step_milli:
        nearest = quantity_milli // listing.step_milli * listing.step_milli
        raise QuantityOffStep(
            step=counted(listing.step_milli, unit), nearest=counted(max(nearest, listing.minimum_milli), unit)
        )
