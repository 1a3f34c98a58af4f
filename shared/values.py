"""Value objects that events and several services' decisions share. Pure: no clock, no I/O, no framework.

Money is integer euro cents without VAT; quantities are integer base units (g, ml or piece); instants are
UTC strings of one fixed width (`2030-01-01T00:00:00.000Z`), so that comparing the text compares the time.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

Instant = Annotated[str, "instant"]
Unit = Literal["g", "ml", "piece"]
StorageClass = Literal["ambient", "chilled", "frozen"]
Wish = Literal["exact", "less_is_fine", "substitute_ok"]
JobKind = Literal["collect", "pack", "deliver"]

UNITS: tuple[Unit, ...] = ("g", "ml", "piece")
STORAGE_CLASSES: tuple[StorageClass, ...] = ("ambient", "chilled", "frozen")
WISHES: tuple[Wish, ...] = ("exact", "less_is_fine", "substitute_ok")
JOB_KINDS: tuple[JobKind, ...] = ("collect", "pack", "deliver")

PRODUCT_KINDS = (
    "vegetables",
    "potatoes",
    "fruit",
    "herbs",
    "dairy",
    "cheese",
    "eggs",
    "meat",
    "poultry",
    "fish",
    "bread",
    "pastry",
    "flour",
    "juice",
    "drinks",
    "honey",
    "preserves",
    "soup",
    "plants",
)

# Annex II of Regulation (EU) No 1169/2011: the fourteen allergens that must be declared.
ALLERGENS = (
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soy",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
)

# Belgian rates (Royal Decree no. 20 of 20 July 1970, with its later changes), in percent.
VAT_PERCENTS = (0, 6, 12, 21)


@dataclass(frozen=True, kw_only=True)
class Place:
    """An address with its WGS 84 position in degrees."""

    street: str
    postcode: str
    town: str
    lat: float
    lon: float


@dataclass(frozen=True, kw_only=True)
class Window:
    """From `start` up to `end`, both instants; `start` < `end`."""

    start: Instant
    end: Instant


@dataclass(frozen=True, kw_only=True)
class Storage:
    """How goods are kept; `max_celsius` only where they are chilled or frozen."""

    kind: StorageClass
    max_celsius: int | None = None


@dataclass(frozen=True, kw_only=True)
class Product:
    """What is sold, counted in `unit`."""

    name: str
    kind: str
    unit: Unit
    vat_percent: int
    storage: Storage
    allergens: tuple[str, ...] = ()
    organic: bool = False


@dataclass(frozen=True, kw_only=True)
class Pack:
    """How a lot is sold: `size` base units for `price_cents` without VAT.

    `grams` is what one pack weighs on a scale or in a van, `per_crate` how many fill one crate. A `by_weight`
    pack has a nominal size and price; it is billed on the grams measured at hand-over.
    """

    id: str
    label: str
    size: int
    price_cents: int
    grams: int
    per_crate: int
    by_weight: bool = False
