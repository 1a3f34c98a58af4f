"""Which product names of a till mean what local farms have: a mapping that is data, read from `data/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from deploy.hub.demo.parties import DATA
from shared.errors import NeverError


@dataclass(frozen=True, kw_only=True)
class Groceries:
    """Name of a till, tidied → names of wares that take turns. What it does not name is not local."""

    local: Mapping[str, tuple[str, ...]]

    def wares_for(self, name: str) -> tuple[str, ...]:
        """The wares that serve this name, whatever its capitals and spaces; none where it is not local."""
        return self.local.get(tidy(name), ())


def tidy(name: str) -> str:
    """The name as the mapping writes it: small letters, single spaces, none around it."""
    return " ".join(name.split()).casefold()


def read_groceries(file: Path = DATA / "groceries.toml") -> Groceries:
    """The mapping of a file. Raises NeverError, naming it, where it cannot be used."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))["local"]
        local = msgspec.convert(table, dict[str, tuple[str, ...]])
    except (OSError, KeyError, ValueError) as error:
        message = f"The demo's data file {file} cannot be used: {error}."
        raise NeverError(message) from error
    return Groceries(local={tidy(name): wares for name, wares in local.items()})
