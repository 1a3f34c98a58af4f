"""The client's own ledger: every request that changes something, and how it was answered in the end."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.torture.talker import Answer


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One request. `what` was asked of `target` by `who`; `began` and `ended` are of one steady clock, in seconds.

    `acknowledged`: it got a 2xx. `doubtful`: it was refused, but an earlier try of it got lost and may have had effect.
    `said` is what was asked, `told` the part of the answer that must stay true.
    """

    what: str
    who: str
    target: str
    began: float
    ended: float
    acknowledged: bool
    doubtful: bool
    tries: int
    code: str
    said: Mapping[str, Any]
    told: Mapping[str, Any]


class Ledger:
    """Entries as they come, also in a file, line by line. Threads may share it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.entries: list[Entry] = []
        self.faults: list[str] = []

    def note(self, what: str, who: str, target: str, answer: Answer, *, said: Mapping[str, Any] | None = None) -> Entry:
        """Writes one down, and answers it."""
        entry = Entry(
            what=what,
            who=who,
            target=target,
            began=answer.began,
            ended=answer.ended,
            acknowledged=answer.accepted,
            doubtful=answer.interrupted and not answer.accepted,
            tries=answer.tries,
            code=answer.code,
            said=said or {},
            told=_told(what, answer),
        )
        with self._lock, self._file.open("a", encoding="utf-8") as stream:
            self.entries.append(entry)
            stream.write(json.dumps(asdict(entry)) + "\n")
        return entry

    def fault(self, text: str) -> None:
        """Something that must not be answered, whatever is killed."""
        with self._lock:
            self.faults.append(text)

    def of(self, *kinds: str) -> list[Entry]:
        """The entries about these things, in the order in which they were answered."""
        with self._lock:
            return [each for each in self.entries if each.what in kinds]


_KEPT = ("id", "status", "handover", "stock", "note", "version")


def _told(what: str, answer: Answer) -> dict[str, Any]:
    if not answer.accepted:
        return {}
    kept = {name: answer.document[name] for name in _KEPT if name in answer.document}
    if what == "order":
        kept["lines"] = [[line["lot_id"], line["pack"]["id"], line["asked"]] for line in answer.document["lines"]]
    return kept
