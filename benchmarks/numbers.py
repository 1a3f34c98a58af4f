"""The result as plain figures with names: what is printed, and what `--json` writes."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from benchmarks.bare import Bare
from benchmarks.bench import Result
from benchmarks.chain import Flow
from benchmarks.costs import Cost
from benchmarks.load import Posted
from benchmarks.moments import spread
from benchmarks.processes import CLIENT, Memory, Used
from benchmarks.tape import Tape

Numbers = dict[str, Any]
_MB = 1_000_000
_MS = 1_000
AIM_RATIO = 0.5
AIM_MB = 800


def numbers(result: Result) -> Numbers:
    """All figures. Rates are orders a second, ratios the hub's figure by the bare one's."""
    asked = {**asdict(result.asked), "folder": None}
    return {
        "machine": result.machine,
        "busy": result.busy,
        "asked": asked,
        "through": _compared(result.through, {"bare": result.bare_through}),
        "backlog": _compared(result.backlog, {"bare": result.bare_backlog, "bare_outbox": result.outbox_backlog}),
        "front": _front(result),
        "costs": [_cost(each) for each in result.costs],
        "latency": {"confirmed": result.gentle.confirmed, "whole": asdict(result.gentle.whole), "hops": _hops(result)},
        "memory": _memory(result),
        "cpu": {
            "idle": _cpu(result.idle, None),
            "through": _cpu(result.through.used, result.through.orders),
            "backlog": _cpu(result.backlog.used, result.backlog.orders),
            "post_only": _cpu(result.fronts.used, len(result.fronts.hub.ids)),
        },
    }


def _compared(flow: Flow, bare: Mapping[str, Bare]) -> Numbers:
    compared: Numbers = {
        "orders": flow.orders,
        "confirmed": flow.confirmed,
        "rate": flow.rate,
        "settled_rate": flow.settled_rate,
        "cpu_ms": _hub_cpu(flow.used) * _MS / flow.orders,
        "an_order": _an_order(flow.tape, flow.orders),
    }
    return compared | {name: _bare(flow, each) for name, each in bare.items()}


def _bare(flow: Flow, bare: Bare) -> Numbers:
    """`cpu_ratio` also holds on a busy machine, where the ratio of rates does not."""
    return {
        "rate": bare.rate,
        "ratio": flow.settled_rate / bare.rate,
        "cpu_ms": bare.cpu * _MS / bare.orders,
        "cpu_ratio": bare.cpu / bare.orders / (_hub_cpu(flow.used) / flow.orders),
        "stages_s": {service: dict(stages) for service, stages in bare.stages.items()},
    }


def _hub_cpu(used: Used) -> float:
    """Seconds, without those of the program that posts the orders."""
    return used.total - used.by_program.get(CLIENT, 0.0)


def _an_order(tape: Tape, orders: int) -> Numbers:
    """From the data: inserts and updates by version, messages by offset."""
    pulls = {tuple(_raiser(each.value)) for each in tape.messages}
    written = {
        f"{service}/{name}": (tape.inserts[service, name] + tape.updates[service, name]) / orders
        for (service, name), mine in tape.written.items()
        if mine
    }
    return {
        "inserts": sum(tape.inserts.values()) / orders,
        "updates": sum(tape.updates.values()) / orders,
        "pulls_at_most": len(pulls) / orders,
        "messages": len(tape.messages) / orders,
        "bytes_of_messages": sum(len(each.value) for each in tape.messages) / orders,
        "by_collection": written,
    }


def _raiser(value: bytes) -> list[str]:
    """The document and version that raised an event: its id without the number at its end."""
    start = value.index(b'"id":"') + 6
    return value[start : value.index(b'"', start)].decode().rsplit("/", 1)[:1]


def _front(result: Result) -> Numbers:
    hub, bare = result.fronts.hub, result.fronts.bare
    return {
        "hub": _posted(hub),
        "bare": _posted(bare),
        "ratio": hub.rate / bare.rate,
        "hub_while_workers_run": _posted(result.through_posted),
    }


def _posted(posted: Posted) -> Numbers:
    times = spread([ms / _MS for ms in posted.each_ms])
    return {"rate": posted.rate, "seconds": posted.seconds, **asdict(times)}


def _cost(cost: Cost) -> Numbers:
    kinds = ("inserts", "updates", "pulls", "messages", "post_queries", "worker_queries")
    each = {kind: cost.an_order(getattr(cost, kind)) for kind in kinds}
    writes = {name: cost.an_order(total) for name, total in cost.writes.items()}
    total = each["inserts"] + each["updates"] + each["pulls"]
    return {"orders": cost.orders, "at_once": cost.at_once, "writes": total, **each, "by_collection": writes}


def _hops(result: Result) -> Numbers:
    return {name: asdict(each) for name, each in result.gentle.hops.items()}


def _memory(result: Result) -> Numbers:
    return {
        "idle": _sizes(result.memory_idle),
        "after": _sizes(result.through.memory),
        "aim_mb": AIM_MB,
    }


def _sizes(found: Mapping[str, Memory]) -> Numbers:
    programs = {
        name: {
            "processes": each.processes,
            "resident_mb": each.resident / _MB,
            "shared_out_mb": None if each.shared_out is None else each.shared_out / _MB,
        }
        for name, each in found.items()
    }
    shares = [each["shared_out_mb"] for each in programs.values()]
    return {
        "programs": programs,
        "resident_mb": sum(each.resident for each in found.values()) / _MB,
        "shared_out_mb": None if None in shares else sum(share for share in shares if share is not None),
    }


def _cpu(used: Used, orders: int | None) -> Numbers:
    """Each program's part of one core, of all that was used, and milliseconds an order."""
    return {
        "seconds": used.seconds,
        "cores": used.total / used.seconds,
        "programs": {
            name: {
                "cores": seconds / used.seconds,
                "share": seconds / used.total if used.total else 0.0,
                "ms_an_order": None if orders is None else seconds * _MS / orders,
            }
            for name, seconds in sorted(used.by_program.items(), key=lambda each: -each[1])
        },
    }
