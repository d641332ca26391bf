"""All verbs at once, in random order, on the same few rows: no deadlock, no drift, and each kind of act succeeds.

Families keep, place, pay and are served; Stripe refunds and disputes; the district and a company spend; accountants
pay out, take checkpoints and seal. Fifteen seconds here; ``SECONDS_OF_DISORDER=60`` for the long run.
"""

import logging
import os
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum

from audit.seal import seal_audit
from audit.verify import verify_audit
from checkout.models import Purchase
from ledger.models import Transfer
from ledger.verify import faults
from providers.models import Slot, SlotHold
from tests.builders import NOW, a_basket, a_cooperative, a_district, a_listing, a_slot
from tests.checkout.disorder import World
from tests.checkout.disorder_in_the_books import Accountant, Company, District
from tests.checkout.disorder_in_the_shop import Family, Stripe
from tests.threads import at_once

log = logging.getLogger(__name__)

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = float(os.environ.get("SECONDS_OF_DISORDER", "15"))
CLIENTS = [Family] * 4 + [Stripe, District, Company, Accountant] * 2


def a_world() -> World:
    sellers = [a_listing(by=a_cooperative("Girasole")), a_listing("Altro", by=a_cooperative("Papavero"))]
    slots = [a_slot(of=sellers[n % 2], places=80, starts_in=timedelta(days=3 + n)).pk for n in range(4)]
    return World(
        until=time.monotonic() + SECONDS,
        slots=slots,
        baskets=[a_basket().pk for _ in range(80)],
        district=a_district().pk,
        cooperatives=[a_cooperative(name).pk for name in ("Girasole", "Papavero")],
    )


def test_everything_at_once_neither_locks_up_nor_drifts():
    world = a_world()
    clients = [client(number, world) for number, client in enumerate(CLIENTS)]

    met = at_once(len(clients), lambda number: clients[number].live())

    assert [error for errors in met for error in errors] == []
    assert world.never() == set(), world.succeeded
    assert faults() == []
    seal_audit(NOW)
    assert verify_audit(NOW).faults == []
    call_command("verify_ledger")
    for slot in Slot.objects.all():
        live = SlotHold.objects.filter(slot=slot).exclude(state=SlotHold.State.RELEASED)
        assert slot.taken == (live.aggregate(total=Sum("places"))["total"] or 0)
    assert Purchase.objects.filter(state=Purchase.State.SETTLED).exists(), "nobody got to the end"
    log.info(
        "%s acts, %s transfers: %s",
        sum(world.succeeded.values()),
        Transfer.objects.count(),
        world.succeeded.most_common(),
    )
