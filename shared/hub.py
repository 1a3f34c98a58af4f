"""The hub's own configuration: where its depot is, what work pays, how long things may wait."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from shared.errors import NeverError
from shared.values import Place


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What one kind of work pays, in cents: a start, and so much a kilometre, kilogram and crate."""

    base_cents: int
    per_km_cents: int
    per_kg_cents: int
    per_crate_cents: int


@dataclass(frozen=True, kw_only=True)
class Deadlines:
    """How many seconds something may wait before the worker acts."""

    answer: int = 3_600
    unclaimed: int = 7_200
    escalate: int = 7_200
    unfinished: int = 43_200


def _tariff() -> dict[str, Rate]:
    return {
        "collect": Rate(base_cents=400, per_km_cents=45, per_kg_cents=4, per_crate_cents=20),
        "pack": Rate(base_cents=250, per_km_cents=0, per_kg_cents=10, per_crate_cents=45),
        "deliver": Rate(base_cents=500, per_km_cents=50, per_kg_cents=4, per_crate_cents=25),
    }


def _depot() -> Place:
    return Place(street="Vaartkom 31", postcode="3000", town="Leuven", lat=50.8892, lon=4.7022)


@dataclass(frozen=True, kw_only=True)
class Hub:
    """One hub. The defaults are those of the demo's hub at Leuven."""

    name: str
    depot: Place
    tariff: dict[str, Rate]
    deadlines: Deadlines


DEFAULT_HUB = Hub(name="Schakel Leuven", depot=_depot(), tariff=_tariff(), deadlines=Deadlines())


def read_hub(path: Path | None) -> Hub:
    """The hub that a TOML file describes (see `deploy/hub/hub.toml`), or the default one.

    Raises NeverError, naming the field, where the file cannot be understood.
    """
    if path is None:
        return DEFAULT_HUB
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Hub)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        message = f"The hub file {path} cannot be used: {error}."
        raise NeverError(message) from error
