"""The same act told many times at once moves the money once; each control takes out what sees to it."""

import inspect

import pytest

from audit.models import AuditRow
from ledger import card, deliver, holds, payouts, public, undo, welfare
from ledger.models import Transfer
from ledger.verify import faults
from tests.ledger.one_key_back import RACES
from tests.ledger.races import MANY, moved_since, sums, times, together, without

pytestmark = pytest.mark.django_db(transaction=True)

each_verb = pytest.mark.parametrize("race", RACES, ids=lambda race: race.verb.__name__)


@each_verb
def test_the_same_act_from_eight_threads_moves_the_money_once(race):
    act = race.arrange()
    before, transfers = sums(), Transfer.objects.count()

    results = together(lambda _: act())

    assert [result for result in results if isinstance(result, Exception)] == []
    assert moved_since(before) == race.moves
    # A delivery is two transfers: what is captured, and what the cooperative gives of it.
    assert Transfer.objects.count() - transfers == (2 if race.verb is deliver.capture_delivery else 1)
    assert AuditRow.objects.filter(verb="post").count() == Transfer.objects.count()
    assert faults() == []


@each_verb
def test_control_without_its_guard_it_moves_eight_times(race):
    act = race.arrange()
    before = sums()

    with without(*race.guards):
        together(lambda _: act())

    assert moved_since(before) == times(MANY, race.moves)


def test_every_verb_that_posts_has_its_race():
    modules = [holds, deliver, card, public, welfare, payouts, undo]
    verbs = {
        verb
        for module in modules
        for verb in vars(module).values()
        if inspect.isfunction(verb)
        and verb.__module__ == module.__name__
        and not verb.__name__.startswith("_")
        and "by" in inspect.signature(verb).parameters
    }

    # The limit posts nothing: its race is in test_races_for_the_same_cents.
    assert verbs - {welfare.set_credit_limit} == {race.verb for race in RACES}
