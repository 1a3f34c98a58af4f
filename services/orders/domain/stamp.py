"""When an event was raised, and where it stands among those that the same document raised."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, order=True)
class Stamp:
    """Compares by time, then by `sequence`, which tells events of one instant apart."""

    at: str
    sequence: int


_EVENTS_PER_VERSION = 10_000
_ENDING = re.compile(r"/([0-9]{1,12})/([0-9]{1,4})$")


def sequence_of(event_id: str) -> int:
    """The place of an event among its document's own: its id ends in `/version/number`. 0 where it does not."""
    found = _ENDING.search(event_id)
    return int(found[1]) * _EVENTS_PER_VERSION + int(found[2]) if found else 0
