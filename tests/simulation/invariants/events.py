"""What was told on the topics, each event once however often it was published."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation.world import World


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event: its short type, its place among those of its document, and its data."""

    id: str
    type: str
    data: dict[str, Any]

    @property
    def place(self) -> tuple[int, int]:
        """By document version, then by number: the order in which its sender raised it."""
        _, version, number = self.id.rsplit("/", 2)
        return int(version), int(number)

    @property
    def reservation(self) -> str:
        """The id of the reservation that it is about."""
        return f"{self.data['order_id']}.{self.data['line_id']}.{self.data['attempt']}"


def told(hub: World, topic: str, *types: str) -> Iterator[Told]:
    """Those of these types (all, where none is named), as first published."""
    seen: set[str] = set()
    for record in hub.bus.records(topic):
        envelope = json.loads(record.value)
        short = envelope["type"].split(".")[2]
        if envelope["id"] not in seen and (not types or short in types):
            seen.add(envelope["id"])
            yield Told(id=envelope["id"], type=short, data=envelope["data"])
