"""The packs of a lot: how one stock is sold in several sizes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.errors import InvalidError
from shared.values import Pack, Unit

STOCK_MAX = 1_000_000_000
PRICE_MAX_CENTS = 10_000_000
PER_CRATE_MAX = 10_000
LABEL_LENGTH = 60
PACKS_MAX = 20
CRATE_GRAMS = 10_000
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, kw_only=True)
class PackDraft:
    """A pack as a farmer describes it; what is left out is filled in. Sizes in base units, prices in cents."""

    label: str
    size: int
    price_cents: int
    id: str | None = None
    by_weight: bool = False
    grams: int | None = None
    per_crate: int | None = None


def make_packs(drafts: Sequence[PackDraft], unit: Unit, sizes: Mapping[str, int]) -> tuple[Pack, ...]:
    """The packs that these drafts describe. Raises InvalidError.

    `sizes` are those of every pack that the lot ever had, by id: orders underway name a pack by its id and count
    on its size, so an id keeps its size for good.
    """
    if not 1 <= len(drafts) <= PACKS_MAX:
        raise InvalidError("wrong_number_of_packs", f"A lot has 1 to {PACKS_MAX} packs.", field="packs")
    taken = {*sizes, *(draft.id for draft in drafts if draft.id)}
    packs: list[Pack] = []
    for position, draft in enumerate(drafts):
        id_ = draft.id or _free_id(taken)
        taken.add(id_)
        packs.append(_make(draft, id_, unit, f"packs.{position}"))
        _check_size_kept(packs[-1], sizes, f"packs.{position}")
    if len({pack.id for pack in packs}) != len(packs):
        raise InvalidError("pack_twice", "Every pack needs an id of its own; leave it out to get one.", field="packs")
    return tuple(packs)


def _free_id(taken: set[str]) -> str:
    return next(id_ for number in range(1, len(taken) + 2) if (id_ := f"p{number}") not in taken)


def _make(draft: PackDraft, id_: str, unit: Unit, field: str) -> Pack:
    if not _ID.fullmatch(id_):
        raise InvalidError("wrong_pack_id", "A pack id is 1 to 40 letters, digits, - or _.", field=f"{field}.id")
    if not draft.label.strip() or len(draft.label) > LABEL_LENGTH:
        raise InvalidError("wrong_label", f"A label has 1 to {LABEL_LENGTH} characters.", field=f"{field}.label")
    within(draft.size, STOCK_MAX, "wrong_pack_size", f"{field}.size")
    within(draft.price_cents, PRICE_MAX_CENTS, "wrong_price", f"{field}.price_cents")
    grams = _grams(draft, unit, field)
    per_crate = max(1, CRATE_GRAMS // grams) if draft.per_crate is None else draft.per_crate
    within(per_crate, PER_CRATE_MAX, "wrong_per_crate", f"{field}.per_crate")
    return Pack(
        id=id_,
        label=draft.label,
        size=draft.size,
        price_cents=draft.price_cents,
        grams=grams,
        per_crate=per_crate,
        by_weight=draft.by_weight,
    )


def _grams(draft: PackDraft, unit: Unit, field: str) -> int:
    """What a pack weighs; a millilitre counts as a gram unless the farmer knows better."""
    if draft.grams is None and unit == "piece":
        raise InvalidError("grams_missing", "Say what one pack weighs: pieces differ.", field=f"{field}.grams")
    grams = draft.size if draft.grams is None else draft.grams
    within(grams, STOCK_MAX, "wrong_grams", f"{field}.grams")
    return grams


def _check_size_kept(pack: Pack, sizes: Mapping[str, int], field: str) -> None:
    if sizes.get(pack.id, pack.size) != pack.size:
        raise InvalidError(
            "pack_size_is_fixed",
            f"Pack '{pack.id}' holds {sizes[pack.id]} base units for good: leave out the id to make another pack.",
            field=f"{field}.size",
        )


def within(value: int, most: int, code: str, field: str) -> None:
    """Refuses a number outside 1 … `most`."""
    if not 1 <= value <= most:
        raise InvalidError(code, f"{value} is not possible: give 1 to {most}.", field=field)
