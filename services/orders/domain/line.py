"""One line of an order: what was asked of which lot, and what producers answered. Facts only; each is recorded once."""

from dataclasses import dataclass, replace

from services.orders.domain.stamp import Stamp
from shared.events.lots import LotSnapshot
from shared.events.orders import ConfirmedLine, LineRef, WantedLine
from shared.values import Pack, Place, Product, Window, Wish


@dataclass(frozen=True, kw_only=True)
class Source:
    """The lot and pack that an attempt draws on, frozen as the buyer saw them: name, price, VAT, where it is."""

    lot_id: str
    lot_code: str
    producer_id: str
    producer_name: str
    product: Product
    pack: Pack
    pickup: Place
    collect: Window
    best_before: str | None


@dataclass(frozen=True, kw_only=True)
class Released:
    """So many base units went back to the stock."""

    at: str
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try at one lot: number 1, or 2 for a substitute. Counts are packs.

    `left` packs are known to have left the farm; `grams` is the latest weight measured, `weighed` says when.
    """

    number: int
    source: Source
    asked: int
    answered_at: str | None = None
    reserved: int = 0
    refusal: str | None = None
    left: int | None = None
    grams: int | None = None
    weighed: Stamp | None = None
    released: tuple[Released, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a buyer asks of one lot, and its attempts. `missing` packs were delivered but not found, says the buyer."""

    id: str
    wish: Wish
    attempts: tuple[Attempt, ...]
    missing: int = 0
    missing_note: str = ""
    missing_at: str | None = None

    @property
    def current(self) -> Attempt:
        """The attempt that counts: the last one."""
        return self.attempts[-1]

    @property
    def confirmed(self) -> bool:
        """Its stock, or some of it, is set aside."""
        return self.current.reserved > 0

    @property
    def in_full(self) -> bool:
        """All that it asked is set aside."""
        return self.current.reserved >= self.current.asked


def source_of(lot: LotSnapshot, pack: Pack) -> Source:
    """Freezes what an order needs to remember of an offer."""
    return Source(
        lot_id=lot.lot_id,
        lot_code=lot.lot_code,
        producer_id=lot.producer_id,
        producer_name=lot.producer_name,
        product=lot.product,
        pack=pack,
        pickup=lot.place,
        collect=lot.collect,
        best_before=lot.best_before,
    )


def with_attempt(line: Line, attempt: Attempt) -> Line:
    """The line with this attempt in the place of the one of its number."""
    attempts = tuple(attempt if each.number == attempt.number else each for each in line.attempts)
    return replace(line, attempts=attempts)


def wanted(line: Line) -> WantedLine:
    """What the current attempt asks producers; a substitute is asked exactly."""
    attempt = line.current
    return WantedLine(
        line_id=line.id,
        attempt=attempt.number,
        lot_id=attempt.source.lot_id,
        pack_id=attempt.source.pack.id,
        count=attempt.asked,
        wish=line.wish if attempt.number == 1 else "exact",
    )


def references(line: Line) -> tuple[LineRef, ...]:
    """Names every attempt of the line."""
    return tuple(
        LineRef(
            line_id=line.id,
            attempt=attempt.number,
            lot_id=attempt.source.lot_id,
            producer_id=attempt.source.producer_id,
        )
        for attempt in line.attempts
    )


def as_confirmed(line: Line) -> ConfirmedLine:
    """What the work on a reserved line needs to know."""
    attempt, source = line.current, line.current.source
    return ConfirmedLine(
        line_id=line.id,
        attempt=attempt.number,
        lot_id=source.lot_id,
        producer_id=source.producer_id,
        producer_name=source.producer_name,
        pickup=source.pickup,
        collect=source.collect,
        product_name=source.product.name,
        storage=source.product.storage,
        pack_id=source.pack.id,
        pack_label=source.pack.label,
        count=attempt.reserved,
        size=source.pack.size,
        unit=source.product.unit,
        grams=source.pack.grams,
        per_crate=source.pack.per_crate,
        by_weight=source.pack.by_weight,
    )
