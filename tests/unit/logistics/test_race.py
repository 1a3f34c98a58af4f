"""Two claims in the same instant: one enterprise holds the job, the other is told."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from services.logistics.app.kinds import JOB
from services.logistics.domain.enterprise import Enterprise
from services.logistics.domain.offering import offer
from services.logistics.domain.taking import claim
from shared.errors import ConflictError
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.store.port import Write
from tests.unit.logistics.given import ENTERPRISE, NOW, OTHER, SCHEDULE, collect


class OvertakenStore(MemoryStore):
    """Lets somebody else in between a decision and its write, once."""

    overtake: Callable[[], object] | None = None

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        overtake, self.overtake = self.overtake, None
        if overtake:
            overtake()
        return super().write(collection, writes)


def ledger_on(store: MemoryStore) -> Ledger:
    ledger = Ledger(store, "logistics", lambda: NOW)
    ledger.decide(JOB, collect().id, partial(offer, task=collect().work, schedule=SCHEDULE))
    return ledger


def claims(ledger: Ledger, enterprise: Enterprise) -> str | None:
    return ledger.decide(JOB, collect().id, partial(claim, enterprise=enterprise, now=NOW)).state.holder_id


def test_who_is_overtaken_before_the_write_is_refused() -> None:
    store = OvertakenStore()
    ledger = ledger_on(store)
    store.overtake = lambda: claims(ledger, OTHER)

    with pytest.raises(ConflictError) as caught:
        claims(ledger, ENTERPRISE)

    assert caught.value.code == "already_claimed"
    saved = ledger.load(JOB, collect().id)
    assert saved is not None
    assert saved.state.holder_id == OTHER.id


def test_of_many_at_once_exactly_one_holds_it() -> None:
    ledger = ledger_on(MemoryStore())
    gate = Barrier(8)

    def race(number: int) -> str:
        enterprise = Enterprise(id=f"020000000{number}", name="x", base=ENTERPRISE.base, profile=ENTERPRISE.profile)
        gate.wait()
        try:
            return str(claims(ledger, enterprise))
        except ConflictError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(race, range(8)))

    assert outcomes.count("already_claimed") == 7
    told = [
        each for pending in ledger.store.pending("jobs", 10) for each in pending.outgoing if "JobClaimed" in each.body
    ]
    assert len(told) == 1
