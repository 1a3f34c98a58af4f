"""Shopping baskets as orders, the pure part: a file's lines → what each asks of local farms → bodies of orders."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.hub.demo.groceries import Groceries, tidy
from shared.errors import InvalidError
from shared.ids import derived_id, digest

_LONGEST_LINE = 100_000  # characters; no basket is that long, another kind of file may be


@dataclass(frozen=True, kw_only=True)
class Basket:
    """A line of the file (counted from 1) that names something."""

    line: int
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SortedBasket:
    """The same basket: packs by ware that a local farm can supply, and the names that none can."""

    line: int
    wares: Mapping[str, int]
    not_local: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One pack of one lot on offer; `size` in base units, and the numbers that the hub knows them by."""

    lot_id: str
    pack_id: str
    producer_id: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What every basket of one file is ordered from: window and shelf stay the same when the file is played again.

    `shelf` is ware → the items that baskets take in turn; `file` tells one file's content from another's.
    """

    file: str
    window: Mapping[str, str]
    shelf: Mapping[str, tuple[Item, ...]]


def parse(content: bytes, name: str) -> tuple[Basket, ...]:
    """The baskets of a file; empty lines are none. Raises InvalidError where it is not a file of baskets."""
    lines = _decoded(content, name).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    baskets = (Basket(line=number, names=_names(line, number, name)) for number, line in enumerate(lines, 1))
    found = tuple(basket for basket in baskets if basket.names)
    if not found:
        raise InvalidError("no_baskets", f"{name} holds no basket: write product names with commas, a basket a line.")
    return found


def sort_out(baskets: Iterable[Basket], groceries: Groceries) -> tuple[SortedBasket, ...]:
    """Each basket's names, told apart by whether local farms have them; where several wares serve, lines take turns."""
    return tuple(_sort_out(basket, groceries) for basket in baskets)


def not_local_names(baskets: Iterable[SortedBasket]) -> Counter[str]:
    """How often each name was asked that no local farm has."""
    return Counter(tidy(name) for basket in baskets for name in basket.not_local)


def off_shelf(baskets: Iterable[SortedBasket], plan: Plan) -> int:
    """How many names ask a ware that no farm has on offer now."""
    return sum(count for basket in baskets for ware, count in basket.wares.items() if ware not in plan.shelf)


def needed(baskets: Iterable[SortedBasket], plan: Plan) -> dict[str, int]:
    """Base units that these baskets will ask, by lot."""
    totals: Counter[str] = Counter()
    for basket in baskets:
        for item, count in _chosen(basket, plan):
            totals[item.lot_id] += item.size * count
    return dict(totals)


def order_body(basket: SortedBasket, plan: Plan, place_id: str) -> dict[str, Any]:
    """The body that orders this basket to a place; byte for byte the same for the same plan."""
    lines = [
        {"lot_id": item.lot_id, "pack_id": item.pack_id, "count": count, "wish": "exact"}
        for item, count in _chosen(basket, plan)
    ]
    return {"place_id": place_id, "window": dict(plan.window), "packed": False, "lines": lines}


def order_key(basket: SortedBasket, plan: Plan) -> str:
    """The Idempotency-Key of this line of this file, for one delivery window."""
    return derived_id("basket", plan.file, str(basket.line), plan.window["start"])


def can_order(basket: SortedBasket, plan: Plan) -> bool:
    """Something of it is on the shelf."""
    return any(ware in plan.shelf for ware in basket.wares)


def fingerprint(content: bytes) -> str:
    """Tells one file's content from another's."""
    return digest(content.hex())[:32]


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        detail = f"{name} is not UTF-8 text (line {line}): save it as UTF-8 and try again."
        raise InvalidError("not_utf_8", detail) from None


def _names(line: str, number: int, name: str) -> tuple[str, ...]:
    if len(line) > _LONGEST_LINE:
        detail = f"Line {number} of {name} is too long for a basket: write product names with commas, a basket a line."
        raise InvalidError("not_a_basket", detail)
    cells = next(csv.reader([line], skipinitialspace=True), [])
    return tuple(cell.strip() for cell in cells if cell.strip())


def _sort_out(basket: Basket, groceries: Groceries) -> SortedBasket:
    wares: Counter[str] = Counter()
    not_local = []
    for name in basket.names:
        choice = groceries.wares_for(name)
        if choice:
            wares[_turn(choice, basket.line)] += 1
        else:
            not_local.append(name)
    return SortedBasket(line=basket.line, wares=dict(wares), not_local=tuple(not_local))


def _chosen(basket: SortedBasket, plan: Plan) -> list[tuple[Item, int]]:
    return [(_turn(plan.shelf[ware], basket.line), count) for ware, count in basket.wares.items() if ware in plan.shelf]


def _turn(choice: Sequence[Any], line: int) -> Any:  # noqa: ANN401  # whatever takes turns
    return choice[line % len(choice)]
