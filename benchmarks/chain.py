"""The chain on a running hub: orders through all of it, a backlog worked off, and a gentle stream."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.front import bare_front
from benchmarks.hub import RunningHub
from benchmarks.load import ORDERS_PATH, Posted, Target, post_all, post_steadily
from benchmarks.moments import Latencies, latencies, stories
from benchmarks.people import Asked, People, await_offers, list_lots, write_orders
from benchmarks.processes import Memory, Snapshot, Used, between, memory, snapshot
from benchmarks.quiet import Watch
from benchmarks.tape import Mark, Tape, mark, record
from deploy.hub.programs import KEEPER, WORKERS

_ORDERS_WORKER = "orders-worker"
# Joining a group takes a moment after a worker has started.
_JOIN_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where it plays: the hub, its people, what looks at it, and how big it is to be."""

    hub: RunningHub
    people: People
    watch: Watch
    lots: int
    connections: int

    @property
    def target(self) -> Target:
        """Where orders go."""
        return Target(port=self.hub.plan.ports.web, path=ORDERS_PATH)

    def fresh_orders(self, count: int) -> list[Asked]:
        """Orders on lots that nobody ordered from yet: what came before weighs on no run."""
        lots = list_lots(self.people, self.lots)
        await_offers(self.people, lots)
        self.watch.await_quiet()
        return write_orders(self.people, lots, count)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Orders that went through: seconds until the last was answered, and until all that follows was written too."""

    orders: int
    confirmed: int
    answered_s: float
    quiet_s: float
    used: Used
    memory: Mapping[str, Memory]
    tape: Tape

    @property
    def rate(self) -> float:
        """Orders placed → confirmed, a second."""
        return self.orders / self.answered_s

    @property
    def settled_rate(self) -> float:
        """Orders a second, their jobs offered and all copies and histories written."""
        return self.orders / self.quiet_s


@dataclass(frozen=True, kw_only=True)
class Fronts:
    """The same bodies posted to the hub and to the bare view, while no worker runs; CPU is that of the hub's part."""

    hub: Posted
    bare: Posted
    used: Used


def gentle(stage: Stage, count: int, rate: float) -> Latencies:
    """Placed → confirmed at a steady rate that leaves the hub room."""
    posted = post_steadily(stage.target, stage.fresh_orders(count), rate)
    stage.watch.await_quiet()
    found = stories(stage.hub.plan.brokers, posted.ids)
    return latencies(list(found.values()))


def through(stage: Stage, count: int) -> tuple[Flow, Posted]:
    """Orders posted as fast as they are taken, while the workers work them off."""
    orders = stage.fresh_orders(count)
    data, used = mark(stage.hub, stage.watch), snapshot(stage.hub)
    posted = post_all(stage.target, orders, stage.connections)
    begun = _Begun(data=data, used=used, ids=posted.ids, since=posted.since)
    return _finish(stage, begun), posted


def backlog(stage: Stage, count: int) -> tuple[Flow, Fronts]:
    """Orders placed while the workers are away, and then worked off: the chain by itself, without the HTTP front."""
    orders = stage.fresh_orders(count)
    stage.hub.stop_workers()
    fronts = _fronts(stage, orders)
    data = mark(stage.hub, stage.watch)
    for name in WORKERS:
        if name != _ORDERS_WORKER:
            stage.hub.start_worker(name)
    time.sleep(_JOIN_S)  # a worker that has started joins its group a moment later, and says nothing of it
    stage.hub.start_worker(_ORDERS_WORKER)
    stage.hub.supervisor.start(KEEPER)
    begun = _Begun(data=data, used=snapshot(stage.hub), ids=fronts.hub.ids, since=None)
    return _finish(stage, begun), fronts


def _fronts(stage: Stage, orders: Sequence[Asked]) -> Fronts:
    before = snapshot(stage.hub)
    posted = post_all(stage.target, orders, stage.connections)
    used = between(before, snapshot(stage.hub))
    bare = bare_front(stage.hub, stage.watch.client, orders, stage.connections)
    return Fronts(hub=posted, bare=bare, used=used)


@dataclass(frozen=True, kw_only=True)
class _Begun:
    """Orders under way. `since` None: counted from when the first of them came on the bus."""

    data: Mark
    used: Snapshot
    ids: Sequence[str]
    since: float | None


def _finish(stage: Stage, begun: _Begun) -> Flow:
    quiet_at, used = stage.watch.await_quiet(), between(begun.used, snapshot(stage.hub))
    size = memory(stage.hub)  # before anything is read back, which would swell the database
    found = stories(stage.hub.plan.brokers, begun.ids).values()
    since = begun.since if begun.since is not None else min(each.told for each in found)
    return Flow(
        orders=len(found),
        confirmed=sum(each.confirmed for each in found),
        answered_s=max(each.answered or 0.0 for each in found) - since,
        quiet_s=quiet_at - since,
        used=used,
        memory=size,
        tape=record(stage.hub, stage.watch, begun.data),
    )
