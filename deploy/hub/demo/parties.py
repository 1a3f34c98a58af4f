"""The hub that the demo plays: its farms with their lots, its shops and its enterprises, read from `data/`."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from deploy.hub.demo.kbo import made_up
from shared.errors import NeverError
from shared.values import JobKind, Place, Product

DATA = Path(__file__).parent / "data"
_FARMS, _ENTERPRISES, _SHOPS = 1, 2, 3
_PLACE_FIELDS = ("street", "postcode", "town", "lat", "lon")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class DemoPack:
    """How a farm sells a lot; the hub gives it its id. Size in base units, price in cents without VAT."""

    label: str
    size: int
    price_cents: int
    grams: int
    per_crate: int
    by_weight: bool = False


@dataclass(frozen=True, kw_only=True)
class DemoLot:
    """What a farm lists: `stock` base units of a product, made so many days ago, that keeps so many days more.

    `ware` is what baskets call it.
    """

    ware: str
    product: Product
    stock: int
    keeps_days: int
    packs: tuple[DemoPack, ...]
    made_days_ago: int = 1


@dataclass(frozen=True, kw_only=True)
class Farm:
    """A producer and its two or three lots."""

    number: int
    name: str
    email: str
    phone: str
    place: Place
    lots: tuple[DemoLot, ...]

    @property
    def kbo(self) -> str:
        """Its enterprise number, which is its id."""
        return made_up(_FARMS, self.number)


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """What one vehicle carries at once, and what it can keep cold."""

    name: str
    max_kg: int
    crates: int
    chilled: bool = False
    frozen: bool = False


@dataclass(frozen=True, kw_only=True)
class Area:
    """How far an enterprise goes from its place, in metres by road."""

    radius_m: int


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """A social enterprise: which jobs it does, how far it goes, with which vehicles."""

    number: int
    name: str
    email: str
    phone: str
    place: Place
    skills: tuple[JobKind, ...]
    area: Area
    vehicles: tuple[Vehicle, ...]
    own_site: bool = False

    @property
    def kbo(self) -> str:
        """Its enterprise number, which is its id."""
        return made_up(_ENTERPRISES, self.number)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A buyer with one place of delivery: its own address. `kind` is shop, restaurant or kitchen."""

    number: int
    kind: str
    name: str
    email: str
    phone: str
    place: Place

    @property
    def kbo(self) -> str:
        """Its enterprise number, which is its id."""
        return made_up(_SHOPS, self.number)


@dataclass(frozen=True, kw_only=True)
class Cast:
    """All parties of the demo."""

    farms: tuple[Farm, ...]
    enterprises: tuple[Enterprise, ...]
    shops: tuple[Shop, ...]

    @property
    def wares(self) -> dict[str, str]:
        """Product name → ware, by which an offer of the hub is known again."""
        return {lot.product.name: lot.ware for farm in self.farms for lot in farm.lots}


def read_cast(folder: Path = DATA) -> Cast:
    """The parties that the data files describe. Raises NeverError, naming the file, where one cannot be used."""
    farms = [farm for file in sorted((folder / "farms").glob("*.toml")) for farm in _read(file, "farms", Farm)]
    return Cast(
        farms=tuple(sorted(farms, key=lambda farm: farm.number)),
        enterprises=tuple(_read(folder / "enterprises.toml", "enterprises", Enterprise)),
        shops=tuple(_read(folder / "shops.csv", "shops", Shop)),
    )


def _read(file: Path, key: str, kind: type[T]) -> list[T]:
    try:
        rows = _csv_rows(file) if file.suffix == ".csv" else tomllib.loads(file.read_text(encoding="utf-8"))[key]
        return msgspec.convert(rows, list[kind], strict=file.suffix != ".csv")  # type: ignore[valid-type]  # a class given as a value
    except (OSError, KeyError, ValueError) as error:
        message = f"The demo's data file {file} cannot be used: {error}."
        raise NeverError(message) from error


def _csv_rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return [{**row, "place": {name: row[name] for name in _PLACE_FIELDS}} for row in csv.DictReader(stream)]
