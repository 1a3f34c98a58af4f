"""What a timeline is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Moment:
    """One thing that happened. Sorted by time; `rank`, then `place`, put causes before effects within an instant."""

    at: str
    rank: int
    place: int = 0
    text: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of a timeline, as people see it."""

    at: str
    text: str
