"""Plan a visit: a time is taken for good, the cooperative will come."""

from providers.models import SlotHold, Visit


def plan_visit(*, district_id: int, cooperative_id: int, slot_hold: SlotHold) -> Visit:
    """Create the visit that a taken slot hold stands for, with a service code of its own."""
    return Visit.objects.create(
        district_id=district_id,
        cooperative_id=cooperative_id,
        slot_hold=slot_hold,
        period=slot_hold.slot.period,
    )
