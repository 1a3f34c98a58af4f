"""The board: open jobs that suit an enterprise, nearest first, read in rings so that it stays quick among many.

Rings grow around the enterprise's place until a page is full. Of one ring at most `MOST` jobs are looked at, those
that must begin soonest; only where that many lie close together does the board leave out some, until these are taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.logistics.app.kinds import JOB
from services.logistics.domain.enterprise import Enterprise
from services.logistics.domain.job import Job
from services.logistics.domain.suits import metres_to, misfit, reach_of
from shared.geo import box
from shared.store.aggregate import Ledger, Saved
from shared.store.port import Where
from shared.values import JobKind

MOST = 500
_RINGS = (16, 8, 4, 2, 1)
_MARGIN = 50  # a box is flat, the earth and the rounding of metres are not: a fiftieth more holds all
_GRAMS_A_KG = 1_000

Spot = tuple[int, str, str]


@dataclass(frozen=True, kw_only=True)
class Found:
    """An open job that suits, and how far its first stop is, in metres by road."""

    saved: Saved[Job]
    metres: int

    @property
    def spot(self) -> Spot:
        """Its place on the board: nearest first, then what begins soonest."""
        return self.metres, self.saved.state.work.window.start, self.saved.id


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which part of the board: only these kinds, only what comes after this spot, and how many jobs."""

    kinds: tuple[JobKind, ...]
    after: Spot | None
    limit: int


def board(ledger: Ledger, enterprise: Enterprise, wanted: Wanted) -> tuple[Sequence[Found], bool]:
    """A page of the board, and whether there is more after it."""
    found: list[Found] = []
    if not set(enterprise.profile.skills) & set(wanted.kinds):
        return found, False
    for ring in _rings(enterprise, wanted):
        rows = [ledger.find(JOB, where, sort="state.task.window.start", limit=MOST) for where in ring.queries]
        suiting = _suiting([saved for each in rows for saved in each], enterprise, wanted.after)
        found = [each for each in suiting if each.metres <= ring.metres]
        if len(found) > wanted.limit or any(len(each) == MOST for each in rows):
            break
    return found[: wanted.limit], len(found) > wanted.limit


@dataclass(frozen=True, kw_only=True)
class _Ring:
    """All that is within so many metres by road, and the queries that find it (and some of what is farther)."""

    metres: int
    queries: Sequence[Where]


def _rings(enterprise: Enterprise, wanted: Wanted) -> Iterator[_Ring]:
    """Each holds the one before; the last adds what is offered wide, up to twice as far."""
    near, far = reach_of(enterprise, wide=False), reach_of(enterprise, wide=True)
    for metres in (near // part for part in _RINGS):
        if wanted.after is None or metres > wanted.after[0]:
            yield _Ring(metres=metres, queries=[_within(metres, enterprise, wanted)])
    wide = {**_within(far, enterprise, wanted), "state.wide": True}
    yield _Ring(metres=far, queries=[_within(near, enterprise, wanted), wide])


def _within(metres: int, enterprise: Enterprise, wanted: Wanted) -> Where:
    """Jobs of the kinds wanted that the strongest and the roomiest vehicle could carry; only open ones have a place."""
    (south, north), (west, east) = box(enterprise.base.lat, enterprise.base.lon, metres + metres // _MARGIN + 1)
    vehicles = enterprise.profile.vehicles
    return {
        "state.lat": {"$gte": south, "$lte": north},
        "state.lon": {"$gte": west, "$lte": east},
        "state.kind": {"$in": [kind for kind in enterprise.profile.skills if kind in wanted.kinds]},
        "state.load_grams": {"$lte": max((each.max_kg for each in vehicles), default=0) * _GRAMS_A_KG},
        "state.load_crates": {"$lte": max((each.crates for each in vehicles), default=0)},
    }


def _suiting(rows: Sequence[Saved[Job]], enterprise: Enterprise, after: Spot | None) -> list[Found]:
    jobs = {saved.id: saved for saved in rows}.values()
    suiting = [saved for saved in jobs if misfit(saved.state.work, enterprise, wide=saved.state.wide) is None]
    found = [Found(saved=saved, metres=metres_to(saved.state.work, enterprise)) for saved in suiting]
    return sorted((each for each in found if after is None or each.spot > after), key=lambda each: each.spot)
