"""One run of everything, in its order."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.bare import Bare, Replay, replay
from benchmarks.chain import Flow, Fronts, Stage, backlog, gentle, through
from benchmarks.costs import Cost, cost
from benchmarks.hub import RunningHub, Tell, running_hub
from benchmarks.load import Posted
from benchmarks.moments import Latencies
from benchmarks.people import gather
from benchmarks.processes import Memory, Used, between, memory, snapshot
from benchmarks.quiet import Watch, watching
from deploy.hub.demo.client import Hub, open_http

_IDLE_S = 5.0
# How many orders, and how many of them at once: so few that all their messages fit in one poll, whatever their ids.
_COSTS = ((100, 1), (200, 50))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How big a run is to be; `rate` is that of the gentle stream, in orders a second."""

    orders: int
    lots: int
    connections: int
    rate: float
    gentle_orders: int
    folder: Path | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that was measured."""

    asked: Asked
    machine: str
    busy: str | None
    costs: tuple[Cost, ...]
    idle: Used
    memory_idle: Mapping[str, Memory]
    gentle: Latencies
    through: Flow
    through_posted: Posted
    backlog: Flow
    fronts: Fronts
    bare_through: Bare
    bare_backlog: Bare
    outbox_backlog: Bare


def run(asked: Asked, tell: Tell) -> Result:
    """Measures. Raises HubError where the hub cannot be started."""
    busy = machine.busy()
    tell("Counting what an order costs, in memory.")
    costs = tuple(cost(asked.lots, orders, at_once) for orders, at_once in _COSTS)
    with _folder(asked) as folder, running_hub(folder, tell) as hub, watching(hub) as watch:
        return _measure(asked, tell, _Scene(hub=hub, watch=watch, busy=busy, costs=costs))


@contextmanager
def _folder(asked: Asked) -> Iterator[Path]:
    if asked.folder is not None:
        yield asked.folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="schakel-bench-") as name:
        yield Path(name)


@dataclass(frozen=True, kw_only=True)
class _Scene:
    hub: RunningHub
    watch: Watch
    busy: str | None
    costs: tuple[Cost, ...]


def _measure(asked: Asked, tell: Tell, scene: _Scene) -> Result:
    hub, watch = scene.hub, scene.watch
    with open_http(Hub(base_url=hub.plan.address, operator_key="")) as http:
        people = gather(http, hub.operator_key)
        stage = Stage(hub=hub, people=people, watch=watch, lots=asked.lots, connections=asked.connections)
        tell(f"Idle, {_IDLE_S:.0f} s.")
        idle, memory_idle = _idle(hub), memory(hub)
        tell(f"A gentle stream: {asked.gentle_orders} orders, {asked.rate:g} a second.")
        latency = gentle(stage, asked.gentle_orders, asked.rate)
        tell(f"{asked.orders} orders through the whole chain.")
        flow, posted = through(stage, asked.orders)
        tell(f"{asked.orders} orders as a backlog, and as many to the bare view.")
        worked_off, fronts = backlog(stage, asked.orders)
    tell("The same documents and messages by bare clients.")
    return Result(
        asked=asked,
        machine=machine.machine(),
        busy=scene.busy,
        costs=scene.costs,
        idle=idle,
        memory_idle=memory_idle,
        gentle=latency,
        through=flow,
        through_posted=posted,
        backlog=worked_off,
        fronts=fronts,
        bare_through=replay(hub, watch, Replay(name="through", tape=flow.tape, orders=flow.orders)),
        bare_backlog=replay(hub, watch, Replay(name="backlog", tape=worked_off.tape, orders=worked_off.orders)),
        outbox_backlog=replay(
            hub, watch, Replay(name="outbox", tape=worked_off.tape, orders=worked_off.orders, outbox=True)
        ),
    )


def _idle(hub: RunningHub) -> Used:
    before = snapshot(hub)
    time.sleep(_IDLE_S)  # what is measured: a hub that nobody asks anything
    return between(before, snapshot(hub))
