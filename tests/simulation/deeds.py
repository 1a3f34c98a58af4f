"""What people remember of what they asked: their own record, against which the hub is held in the end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["done", "refused", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that somebody asked, once or several times in the same words, and the last answer.

    `unknown`: no answer came that says whether it was done. `of` is what it is about, `body` what was sent.
    """

    what: str
    who: str
    of: str
    outcome: Outcome
    number: int
    body: Any = None
    answer: Any = None


@dataclass
class Deeds:
    """All of them, as they ended."""

    all: list[Deed] = field(default_factory=list)

    def done(self, what: str) -> Iterator[Deed]:
        """Those of this sort that were acknowledged."""
        return (each for each in self.all if each.what == what and each.outcome == "done")

    def unsure(self, what: str) -> Iterator[Deed]:
        """Those of this sort of which nobody knows."""
        return (each for each in self.all if each.what == what and each.outcome == "unknown")
