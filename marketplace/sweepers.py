"""Which half-done work is finished by the clock: the rooms' sweeps, gathered for the beat."""

from datetime import datetime

from audit.models import AuditUnsealed
from audit.seal import seal_audit
from catalogue.orphan_pictures import orphan_pictures, remove_orphan
from checkout.forget_contacts import contacts_to_forget, forget_contact
from checkout.tasks import SILENT_PURCHASES, UNKNOWN_FEES
from ledger.sums import take_checkpoints
from outbox.sweeping import Sweep, declare
from outbox.sweeps import LOST_MESSAGES, OLD_MESSAGES
from providers.publish_slots import listings_to_publish, publish_listing
from providers.tasks import LAPSED_PLACES
from storefront.refresh_index import refresh_index


def chain_to_seal(now: datetime) -> list[str]:
    """Return the one chain there is, if a committed row wants its seal."""
    return ["chain"] if AuditUnsealed.objects.exists() else []


# Declared here, because audit and outbox are strangers on one floor.
UNSEALED_AUDIT = Sweep(
    name="unsealed audit rows", every=60, find=chain_to_seal, finish=lambda _, now: seal_audit(now)
)

COMING_DAYS = Sweep(name="coming days", every=3600, find=listings_to_publish, finish=publish_listing)

OLD_CONTACTS = Sweep(name="contacts to forget", every=3600, find=contacts_to_forget, finish=forget_contact)

# Declared here, because the catalogue's pictures and those of rooms above it lie in one folder.
ORPHAN_PICTURES = Sweep(name="orphan pictures", every=3600, find=orphan_pictures, finish=remove_orphan)

CHECKPOINTS = Sweep(
    name="checkpoints of the books",
    every=6 * 3600,
    find=lambda _: ["books"],
    finish=lambda _, now: take_checkpoints(now),
)

SEARCH = Sweep(
    name="search index", every=60, find=lambda _: ["index"], finish=lambda _, now: refresh_index(now=now)
)

SWEEPS: tuple[Sweep[str] | Sweep[int], ...] = (
    LOST_MESSAGES,
    SILENT_PURCHASES,
    UNKNOWN_FEES,
    LAPSED_PLACES,
    UNSEALED_AUDIT,
    OLD_MESSAGES,
    COMING_DAYS,
    OLD_CONTACTS,
    ORPHAN_PICTURES,
    CHECKPOINTS,
    SEARCH,
)
declare(*SWEEPS)
