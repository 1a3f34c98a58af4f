"""What a run leaves behind: a story in plain words, what was broken, and counts of all that happened."""

from collections import Counter
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

import structlog


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A promise that did not hold. `rule` is stable; `text` says what was seen."""

    rule: str
    text: str


@dataclass(kw_only=True)
class Notes:
    """Kept while a history runs. `counts` are by sort and word: actions with their outcome, faults, states."""

    story: list[str] = field(default_factory=list)
    breaches: list[Breach] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def broke(self, rule: str, text: str) -> None:
        """Something did not hold."""
        self.breaches.append(Breach(rule=rule, text=text))

    def expect(self, holds: bool, rule: str, text: str) -> None:  # noqa: FBT001  # reads as a sentence where it is called
        """Something must hold."""
        if not holds:
            self.broke(rule, text)

    def count(self, sort: str, word: str, times: int = 1) -> None:
        """It happened, so many times."""
        self.counts[sort, word] += times

    def hear(self, _logger: object, _method: str, entry: MutableMapping[str, Any]) -> Any:
        """What the services log: nothing is printed, but what would wake somebody up is a breach."""
        event = entry.get("event")
        if event in ("fault", "due_failed"):
            self.broke("nothing_breaks", f"{event}: {entry.get('reason', '')} {entry.get('exc_info', '')}".rstrip())
        raise structlog.DropEvent
