"""The board among many jobs: what suits, in which order, page by page."""

from dataclasses import replace
from functools import partial

import pytest

from services.logistics.app import board as app_board
from services.logistics.app.board import Wanted, board
from services.logistics.app.kinds import JOB
from services.logistics.domain.enterprise import Area, Enterprise
from services.logistics.domain.job import Job
from services.logistics.domain.offering import offer
from services.logistics.domain.plan import plan
from services.logistics.domain.suits import metres_to, misfit
from services.logistics.domain.taking import claim
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.values import JOB_KINDS, Window
from tests.unit.logistics.given import AARSCHOT, ENTERPRISE, LEEK, NOW, ORDER, SCHEDULE, TERMS


@pytest.fixture
def ledger() -> Ledger:
    return Ledger(MemoryStore(), "logistics", lambda: NOW)


def put(ledger: Ledger, job: Job) -> Job:
    return ledger.decide(JOB, job.id, lambda _: (job, ())).state


def collection(number: int, *, north: float = 0.0, count: int = 1) -> Job:
    """One at a farm so many degrees north of Aarschot, its window the later the higher its number."""
    place = replace(AARSCHOT, lat=AARSCHOT.lat + north)
    window = Window(start=f"2030-01-01T06:{number % 60:02}:00.000Z", end="2030-01-01T12:00:00.000Z")
    line = replace(LEEK, pickup=place, collect=window, count=count)
    task = plan(replace(ORDER, order_id=f"o{number:04}", lines=(line,)), TERMS)[0]
    return offer(None, task, SCHEDULE)[0]


def wanted(limit: int = 50, after: app_board.Spot | None = None) -> Wanted:
    return Wanted(kinds=JOB_KINDS, after=after, limit=limit)


def reaching(metres: int) -> Enterprise:
    return replace(ENTERPRISE, profile=replace(ENTERPRISE.profile, area=Area(radius_m=metres)))


def ids(ledger: Ledger, enterprise: Enterprise, asked: Wanted) -> list[str]:
    return [each.saved.id for each in board(ledger, enterprise, asked)[0]]


def test_open_jobs_come_nearest_first_and_at_one_place_soonest_first(ledger: Ledger) -> None:
    far, near, soon = collection(1, north=0.05), collection(3), collection(2)
    for job in (far, near, soon):
        put(ledger, job)

    assert ids(ledger, ENTERPRISE, wanted()) == [soon.id, near.id, far.id]


def test_what_is_taken_too_far_or_too_heavy_is_not_on_the_board(ledger: Ledger) -> None:
    put(ledger, claim(collection(1), ENTERPRISE, NOW)[0])
    put(ledger, collection(2, north=0.5))
    put(ledger, collection(3, count=5_000))

    assert ids(ledger, ENTERPRISE, wanted()) == []


def test_a_job_offered_wide_is_on_the_board_of_those_twice_as_far(ledger: Ledger) -> None:
    job = collection(1, north=0.1)
    metres = metres_to(job.work, ENTERPRISE)
    put(ledger, job)
    put(ledger, replace(collection(2, north=0.1), wide=True))

    assert ids(ledger, reaching(metres - 1), wanted()) == ["o0002.collect.0100000002"]
    assert ids(ledger, reaching(metres // 2 - 1), wanted()) == []
    assert len(ids(ledger, reaching(metres), wanted())) == 2


def test_only_the_kinds_that_are_asked_for_are_shown(ledger: Ledger) -> None:
    put(ledger, collection(1))

    assert ids(ledger, ENTERPRISE, replace(wanted(), kinds=("deliver",))) == []


def test_pages_follow_each_other_without_gap_or_repetition(ledger: Ledger) -> None:
    jobs = [put(ledger, collection(number, north=(number * 7 % 40) / 100)) for number in range(40)]
    suiting = [job for job in jobs if misfit(job.work, ENTERPRISE, wide=False) is None]
    expected = sorted(suiting, key=lambda job: (metres_to(job.work, ENTERPRISE), job.work.window.start, job.id))

    seen: list[str] = []
    after, more = None, True
    while more:
        found, more = board(ledger, ENTERPRISE, wanted(limit=3, after=after))
        seen += [each.saved.id for each in found]
        after = found[-1].spot

    assert seen == [job.id for job in expected]


def test_among_too_many_at_one_place_the_soonest_are_shown(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_board, "MOST", 5)
    for number in range(12):
        put(ledger, collection(11 - number))
    put(ledger, collection(30, north=0.1))

    found, more = board(ledger, ENTERPRISE, wanted())

    assert [each.saved.id[:5] for each in found] == ["o0000", "o0001", "o0002", "o0003", "o0004"]
    assert not more


def test_without_a_vehicle_only_packing_is_on_the_board(ledger: Ledger) -> None:
    put(ledger, collection(1))
    for task in plan(replace(ORDER, packed=True), TERMS):
        ledger.decide(JOB, task.job_id, partial(offer, task=task, schedule=SCHEDULE))
    packer = replace(ENTERPRISE, profile=replace(ENTERPRISE.profile, vehicles=()))

    assert ids(ledger, packer, wanted()) == ["order-1.pack"]
