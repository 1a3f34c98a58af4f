"""What the hub's APIs told at one moment, as the account and the checks need it. Quantities in base units or packs."""

from dataclasses import dataclass

FINAL = ("refused", "cancelled", "delivered", "delivered_in_part", "not_delivered")
WAITING = ("placed", "confirmed", "confirmed_in_part", "cancelling", "collecting", "underway")


@dataclass(frozen=True, kw_only=True)
class LotFact:
    """A lot's stock account, in base units."""

    id: str
    product: str
    producer: str
    unit: str
    status: str
    listed: int
    available: int
    reserved: int
    collected: int
    withdrawn: int

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """What must add up to what is listed."""
        return self.available, self.reserved, self.collected, self.withdrawn


@dataclass(frozen=True, kw_only=True)
class LineFact:
    """A line of an order, in packs of `size` base units; None where nothing is known yet."""

    id: str
    lot_id: str
    size: int
    asked: int
    confirmed: int | None
    collected: int | None
    delivered: int | None


@dataclass(frozen=True, kw_only=True)
class OrderFact:
    """An order; `answered_at` is when its stock was answered, `why` the last thing that its timeline says."""

    id: str
    buyer: str
    status: str
    placed_at: str
    answered_at: str | None
    why: str
    lines: tuple[LineFact, ...]

    @property
    def final(self) -> bool:
        """Nothing more will be done about it."""
        return self.status in FINAL


@dataclass(frozen=True, kw_only=True)
class MoveFact:
    """What an ended job moved of one line of an order, and what fell short, in packs of `size` base units."""

    line_id: str
    lot_id: str
    size: int
    moved: int
    short: int


@dataclass(frozen=True, kw_only=True)
class JobFact:
    """A job: who holds it or did it, and what it moved; `short_back`: what fell short went back to the stock."""

    id: str
    order_id: str
    kind: str
    status: str
    enterprise_id: str | None
    enterprise: str
    pay_cents: int
    moves: tuple[MoveFact, ...] = ()
    short_back: bool = False


@dataclass(frozen=True, kw_only=True)
class Claim:
    """That a job was given to an enterprise (`taken`) or given back by it, as the hub acknowledged."""

    job_id: str
    enterprise_id: str
    taken: bool
