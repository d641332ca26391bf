"""The rows of the room, one idea a file."""

from providers.models.cooperatives import Cooperative, CooperativeMember
from providers.models.hours import CalendarException, WeeklyHours
from providers.models.pictures import CooperativePicture
from providers.models.slots import Slot, SlotHold, SlotQuerySet
from providers.models.staff import Certificate, RequiredCertificate, StaffMember
from providers.models.visits import Visit, new_service_code

__all__ = [
    "CalendarException",
    "Certificate",
    "Cooperative",
    "CooperativeMember",
    "CooperativePicture",
    "RequiredCertificate",
    "Slot",
    "SlotHold",
    "SlotQuerySet",
    "StaffMember",
    "Visit",
    "WeeklyHours",
    "new_service_code",
]
