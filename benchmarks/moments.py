"""When what happened to an order, read from the bus after the run: reading disturbs nothing that is measured."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from shared import clock
from shared.bus.topics import read_topic

_MS = 1_000
_PLACED = "schakel.orders.OrderPlaced.v1"
_ANSWERS = ("schakel.orders.OrderConfirmed.v1", "schakel.orders.OrderRefused.v1")
_RESERVED = "schakel.producers.StockReserved.v1"


@dataclass(kw_only=True)
class Story:
    """One order's moments, in seconds since 1970.

    `placed` is its document's own; the others are when the broker was given the event, so after the write that
    raised it. `answered` is None where the order was neither confirmed nor refused.
    """

    placed: float = 0.0
    told: float = 0.0
    reserved: float = 0.0
    answered: float | None = None
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Percentiles, in milliseconds."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, kw_only=True)
class Latencies:
    """Placed → confirmed as a whole and hop by hop, with the number of orders that were confirmed."""

    confirmed: int
    whole: Spread
    hops: Mapping[str, Spread] = field(default_factory=dict)


def stories(bootstrap: str, ids: Collection[str]) -> dict[str, Story]:
    """The moments of these orders."""
    found = {id_: Story() for id_ in ids}
    for topic in ("orders", "reservations"):
        for record in read_topic(bootstrap, topic):
            _note(found, json.loads(record.value), record.at / _MS)
    return found


def _note(found: Mapping[str, Story], event: Mapping[str, Any], at: float) -> None:
    story = found.get(event["data"].get("order_id", ""))
    if story is None:
        return
    if event["type"] == _PLACED:
        story.placed, story.told = clock.to_datetime(event["time"]).timestamp(), at
    elif event["type"] == _RESERVED:
        story.reserved = max(story.reserved, at)
    elif event["type"] in _ANSWERS:
        story.answered, story.confirmed = at, event["type"] == _ANSWERS[0]


def latencies(found: Collection[Story]) -> Latencies:
    """Of those that were confirmed."""
    confirmed = [(each, each.answered) for each in found if each.confirmed and each.answered]
    return Latencies(
        confirmed=len(confirmed),
        whole=spread([answered - each.placed for each, answered in confirmed]),
        hops={
            "placed → on the bus (orders-worker publishes)": spread([each.told - each.placed for each, _ in confirmed]),
            "→ stock set aside (producers-worker)": spread([each.reserved - each.told for each, _ in confirmed]),
            "→ confirmed (orders-worker)": spread([answered - each.reserved for each, answered in confirmed]),
        },
    )


def spread(seconds: Sequence[float]) -> Spread:
    """Percentiles of at least two durations."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    return Spread(p50=cuts[49] * _MS, p95=cuts[94] * _MS, p99=cuts[98] * _MS)
