"""Which municipalities a cooperative serves from its seat."""

from collections.abc import Iterable
from math import cos, hypot, radians

from territory.models import Municipality


def nearest(
    seat: Municipality, municipalities: Iterable[Municipality], reach: int | None
) -> list[Municipality]:
    """Return the ``reach`` municipalities nearest to the seat, itself first; all of them if ``reach`` is None."""
    return sorted(municipalities, key=lambda other: (_apart(seat, other), other.istat_code))[:reach]


def _apart(one: Municipality, other: Municipality) -> float:
    """Return how far apart two are, in degrees of latitude: on a plain this small the earth is flat."""
    east = float(one.longitude - other.longitude) * cos(radians(float(one.latitude)))
    return hypot(east, float(one.latitude - other.latitude))
