"""One failing item stops no other; two beats at once do no harm; a run that died is seen."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from itertools import count
from threading import Event

import pytest
from django.db import OperationalError, connection, transaction

import outbox.sweeping
from outbox.models import SweepRun
from outbox.sweeping import Sweep, Swept, declare, declared_sweep, run_sweep
from tests.audit.gate import kill
from tests.builders import NOW
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def clock():
    return NOW


class StripeIsSilent(Exception):
    """Something that passes."""


def a_sweep(finish, *, items=range(1, 6), **changes) -> Sweep[int]:
    return Sweep(**{"name": "test", "every": 60, "find": lambda _: items, "finish": finish, **changes})


def test_each_item_is_finished_at_its_own_time_and_the_run_is_kept():
    ticks = count()
    seen = []

    swept = run_sweep(
        a_sweep(lambda item, now: seen.append((item, now))),
        clock=lambda: NOW + timedelta(seconds=next(ticks)),
    )

    assert swept == Swept(finished=5, failed=0)
    assert [item for item, _ in seen] == [1, 2, 3, 4, 5]
    moments = [now for _, now in seen]
    assert moments == sorted(set(moments))
    run = SweepRun.objects.get()
    assert run.started_at < moments[0] < moments[-1] < run.ended_at
    assert (run.finished, run.failed, run.last_error) == (5, 0, "")


def test_one_that_fails_stops_no_other_and_is_kept_without_naming_anybody():
    seen = []

    def finish(item, now):
        if item == 2:
            raise ValueError("no answer for anna@example.org")
        seen.append(item)

    assert run_sweep(a_sweep(finish), clock=clock) == Swept(finished=4, failed=1)

    assert seen == [1, 3, 4, 5]
    run = SweepRun.objects.get()
    assert (run.failed, run.last_error_at) == (1, NOW)
    assert run.last_error == "2: ValueError: no answer for a…@example.org"


def test_an_item_that_breaks_its_transaction_stops_no_other():
    def finish(item, now):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / %s", [item - 2])

    assert run_sweep(a_sweep(finish), clock=clock) == Swept(finished=4, failed=1)


def test_the_last_error_outlives_a_better_run():
    def fail(item, now):
        raise ValueError(item)

    run_sweep(a_sweep(fail, items=[1]), clock=clock)
    run_sweep(a_sweep(lambda *_: None), clock=lambda: NOW + timedelta(minutes=1))

    run = SweepRun.objects.get()
    assert (run.finished, run.failed) == (5, 0)
    assert (run.last_error, run.last_error_at) == ("1: ValueError: 1", NOW)


def test_what_is_expected_to_pass_is_logged_without_a_traceback(caplog):
    def finish(item, now):
        raise StripeIsSilent if item == 1 else ValueError

    run_sweep(a_sweep(finish, items=[1, 2], passing=(StripeIsSilent,)), clock=clock)

    logged = {record.args[1]: record for record in caplog.records if record.name == "outbox.sweeping"}
    assert (logged[1].levelname, logged[1].exc_info) == ("WARNING", None)
    assert logged[2].levelname == "ERROR"
    assert logged[2].exc_info


def test_a_run_takes_no_more_items_than_it_may():
    assert run_sweep(a_sweep(lambda *_: None, most=3), clock=clock) == Swept(finished=3, failed=0)


def test_a_run_out_of_time_leaves_the_rest_to_the_next():
    assert run_sweep(a_sweep(lambda *_: None, seconds=-1), clock=clock) == Swept(finished=0, failed=0)


def test_a_run_that_died_has_begun_and_not_ended_and_the_next_may_run():
    class Killed(BaseException):
        """As a worker that is gone."""

    def die(item, now):
        raise Killed

    with pytest.raises(Killed):
        run_sweep(a_sweep(die), clock=clock)
    assert SweepRun.objects.get().ended_at is None

    assert run_sweep(a_sweep(lambda *_: None), clock=clock) == Swept(finished=5, failed=0)


def test_a_database_that_goes_away_ends_the_run_and_frees_its_lock():
    def lose_the_database(item, now):
        kill(connection.connection.info.backend_pid)

    (death,) = at_once(1, lambda _: run_sweep(a_sweep(lose_the_database), clock=clock))

    assert isinstance(death, OperationalError)
    assert run_sweep(a_sweep(lambda *_: None), clock=clock) == Swept(finished=5, failed=0)


def two_beats_at_once(**changes) -> list[object]:
    """Run a sweep while another run of it is in the middle of its item; return how both went."""
    is_at_it, may_go_on = Event(), Event()

    def finish_slowly(item, now):
        is_at_it.set()
        assert may_go_on.wait(timeout=10)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(
            at_once, 1, lambda _: run_sweep(a_sweep(finish_slowly, items=[1], **changes), clock=clock)
        )
        assert is_at_it.wait(timeout=10)
        second = run_sweep(a_sweep(lambda *_: None, items=[1], **changes), clock=clock)
        may_go_on.set()
        return [*first.result(), second]


def test_of_two_beats_at_once_one_sweeps():
    assert two_beats_at_once() == [Swept(1, 0), None]


def test_a_shared_sweep_runs_as_often_as_it_is_sent():
    assert two_beats_at_once(is_shared=True) == [Swept(1, 0), Swept(1, 0)]


def test_without_the_lock_both_would_sweep(monkeypatch):
    monkeypatch.setattr(outbox.sweeping, "_alone", lambda sweep: nullcontext(enter_result=True))

    assert two_beats_at_once() == [Swept(1, 0), Swept(1, 0)]


def test_sweeps_of_other_names_do_not_wait_for_each_other():
    inner = []

    def finish(item, now):
        inner.append(at_once(1, lambda _: run_sweep(a_sweep(lambda *_: None, name="other"), clock=clock)))

    run_sweep(a_sweep(finish, items=[1]), clock=clock)

    assert inner == [[Swept(5, 0)]]


def test_two_sweeps_of_one_name_are_a_bug(monkeypatch):
    monkeypatch.setattr(outbox.sweeping, "_declared", {})
    first = a_sweep(print)
    declare(first)
    declare(first)

    with pytest.raises(ValueError, match="two sweeps are called test"):
        declare(a_sweep(print))

    assert declared_sweep("test") is first
