"""What an enterprise can do for the hub: its skills, how far it goes, and what it drives."""

from dataclasses import dataclass

from shared.values import JobKind, Place


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    """What one vehicle carries: `max_kg` of load, so many crates, and cold where it can keep cold."""

    name: str
    max_kg: int
    crates: int
    chilled: bool = False
    frozen: bool = False


@dataclass(frozen=True, kw_only=True)
class Area:
    """How far an enterprise goes: metres by road, around its place."""

    radius_m: int


@dataclass(frozen=True, kw_only=True)
class Profile:
    """An enterprise's own part of its account.

    `own_site`: it has a place of its own to pack at, and fetches and brings back what it packs there.
    """

    skills: tuple[JobKind, ...]
    area: Area
    vehicles: tuple[Vehicle, ...] = ()
    own_site: bool = False


@dataclass(frozen=True, kw_only=True)
class Enterprise:
    """Who takes up jobs, from where, with what."""

    id: str
    name: str
    base: Place
    profile: Profile
