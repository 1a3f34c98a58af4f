"""Why a job may fail, as data: which kinds of job, whether it is tried again, and what becomes of the goods."""

from dataclasses import dataclass
from typing import Literal

from shared.errors import InvalidError
from shared.events.jobs import Stock
from shared.values import JOB_KINDS, JobKind

Teller = Literal["enterprise", "operator", "deadline"]


@dataclass(frozen=True, kw_only=True)
class Reason:
    """A reason to fail. `again`: the job is open once more; else it ends, and `stock` says whether goods are left.

    `most` is how often it may be tried again for this reason before it ends; None: as often as it takes.
    `ends_as` is what becomes of the goods once `most` is used up. `by` is who may give it.
    """

    code: str
    sentence: str
    kinds: tuple[JobKind, ...]
    again: bool
    stock: Stock
    most: int | None = None
    ends_as: Stock = "gone"
    by: tuple[Teller, ...] = ("enterprise", "operator")


_MOVES: tuple[JobKind, ...] = ("collect", "deliver")

REASONS: tuple[Reason, ...] = (
    Reason(
        code="producer_absent",
        sentence="Nobody was at the farm to hand over the goods.",
        kinds=("collect",),
        again=False,
        stock="back",
    ),
    Reason(
        code="goods_missing",
        sentence="The goods are not at the farm.",
        kinds=("collect",),
        again=False,
        stock="gone",
    ),
    Reason(
        code="goods_unfit",
        sentence="The goods at the farm are not fit to be sold.",
        kinds=("collect",),
        again=False,
        stock="gone",
    ),
    Reason(
        code="buyer_absent",
        sentence="Nobody was there to receive the goods; they are back at the depot.",
        kinds=("deliver",),
        again=True,
        stock="back",
        most=3,
    ),
    Reason(
        code="refused_unfit",
        sentence="The buyer refused the goods because they were not fit to be sold.",
        kinds=("deliver",),
        again=False,
        stock="gone",
    ),
    Reason(
        code="refused_unwanted",
        sentence="The buyer refused the goods though nothing was wrong with them.",
        kinds=("deliver",),
        again=False,
        stock="back",
    ),
    Reason(
        code="goods_damaged",
        sentence="The goods were damaged on the way or while packing.",
        kinds=("pack", "deliver"),
        again=False,
        stock="gone",
    ),
    Reason(
        code="vehicle_trouble",
        sentence="The vehicle broke down or is not available; another enterprise can take over.",
        kinds=_MOVES,
        again=True,
        stock="back",
    ),
    Reason(
        code="crew_trouble",
        sentence="The crew cannot do it after all; another enterprise can take over.",
        kinds=JOB_KINDS,
        again=True,
        stock="back",
    ),
    Reason(
        code="no_time",
        sentence="There is no time left to do it today; another enterprise can take over.",
        kinds=JOB_KINDS,
        again=True,
        stock="back",
    ),
    Reason(
        code="stopped_by_hub",
        sentence="The hub stopped this work; the goods can still be sold.",
        kinds=JOB_KINDS,
        again=False,
        stock="back",
        by=("operator",),
    ),
    Reason(
        code="written_off_by_hub",
        sentence="The hub stopped this work; the goods are lost.",
        kinds=JOB_KINDS,
        again=False,
        stock="gone",
        by=("operator",),
    ),
    Reason(
        code="not_done_in_time",
        sentence="It was not finished long after its time; the goods were never collected.",
        kinds=("collect",),
        again=False,
        stock="back",
        by=("deadline",),
    ),
    Reason(
        code="not_done_in_time",
        sentence="It was not finished long after its time.",
        kinds=("pack", "deliver"),
        again=False,
        stock="gone",
        by=("deadline",),
    ),
)


def reasons_for(teller: Teller, kind: JobKind | None = None) -> tuple[Reason, ...]:
    """The reasons that somebody may give, for one kind of job or for any."""
    return tuple(each for each in REASONS if teller in each.by and kind in (None, *each.kinds))


def reason_of(code: str, kind: JobKind, teller: Teller) -> Reason:
    """The reason of this code. Raises InvalidError, naming those there are, where it cannot be given here."""
    allowed = reasons_for(teller, kind)
    found = next((each for each in allowed if each.code == code), None)
    if found is None:
        names = ", ".join(each.code for each in allowed)
        detail = f"'{code[:40]}' is no reason for a {kind} job to fail: give one of {names}."
        raise InvalidError("no_such_reason", detail, field="reason")
    return found
