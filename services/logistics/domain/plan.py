"""Which jobs a confirmed order needs: a collection at each producer, the packing where it is asked, one delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from services.logistics.domain.task import Line, Source, Stop, Task, crates_for
from shared.errors import NeverError
from shared.events.orders import ConfirmedLine, OrderConfirmed
from shared.geo import road_metres
from shared.money import share
from shared.values import STORAGE_CLASSES, JobKind, Place, Storage, StorageClass, Window

_PACKING = "the packing"


class Rate(Protocol):
    """What one kind of work pays, in cents: a start, and so much a kilometre, a kilogram and a crate."""

    @property
    def base_cents(self) -> int:
        """For coming at all."""
        ...

    @property
    def per_km_cents(self) -> int:
        """For a kilometre from the first stop to the last."""
        ...

    @property
    def per_kg_cents(self) -> int:
        """For a kilogram of nominal weight."""
        ...

    @property
    def per_crate_cents(self) -> int:
        """For a crate, full or not."""
        ...


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the hub lays down: where its depot is, and what each kind of work pays."""

    depot: Stop
    tariff: Mapping[str, Rate]


def collect_id(order_id: str, producer_id: str) -> str:
    """The id of the job that fetches this producer's goods for this order."""
    return f"{order_id}.collect.{producer_id}"


def pack_id(order_id: str) -> str:
    """The id of the order's packing job."""
    return f"{order_id}.pack"


def deliver_id(order_id: str) -> str:
    """The id of the order's delivery job."""
    return f"{order_id}.deliver"


def plan(order: OrderConfirmed, terms: Terms) -> tuple[Task, ...]:
    """All jobs of the order: the same order and terms always give the same jobs.

    Raises NeverError where there is nothing to move, or a pack weighs nothing: no order is confirmed so.
    """
    if not order.lines or min(min(line.count, line.grams, line.per_crate) for line in order.lines) < 1:
        message = f"Order {order.order_id[:40]} has no lines, or one without packs, weight or crates."
        raise NeverError(message)
    collects = [_collect(order, lines, terms) for lines in _by_producer(order.lines)]
    if not order.packed:
        return (*collects, _deliver(order, collects, terms))
    pack = _pack(order, collects, terms)
    return (*collects, pack, _deliver(order, [pack], terms))


def storage_needs(kept: Sequence[Storage]) -> tuple[Storage, ...]:
    """One need a storage class, in the order ambient, chilled, frozen: the lowest maximum that any goods ask."""
    return tuple(need for kind in STORAGE_CLASSES for need in _strictest(kind, kept))


def pay(rate: Rate, metres: int, grams: int, crates: int) -> int:
    """Cents for one job, rounded half up once."""
    measured = share(rate.per_km_cents * metres + rate.per_kg_cents * grams, 1, 1_000)
    return rate.base_cents + measured + rate.per_crate_cents * crates


def _strictest(kind: StorageClass, kept: Sequence[Storage]) -> tuple[Storage, ...]:
    mine = [each for each in kept if each.kind == kind]
    limits = [each.max_celsius for each in mine if each.max_celsius is not None]
    return (Storage(kind=kind, max_celsius=min(limits, default=None)),) if mine else ()


def _by_producer(lines: Sequence[ConfirmedLine]) -> list[list[ConfirmedLine]]:
    grouped: dict[str, list[ConfirmedLine]] = {}
    for line in lines:
        grouped.setdefault(line.producer_id, []).append(line)
    return list(grouped.values())


def _collect(order: OrderConfirmed, lines: Sequence[ConfirmedLine], terms: Terms) -> Task:
    """A producer's lots may lie at several places: each is a stop, in the order of the lines."""
    places = dict.fromkeys(line.pickup for line in lines)
    farms = [Stop(role="farm", name=lines[0].producer_name, place=place) for place in places]
    draft = _Draft(
        job_id=collect_id(order.order_id, lines[0].producer_id),
        kind="collect",
        window=_collect_window([line.collect for line in lines], order.window),
        lines=tuple(_line(line) for line in lines),
        route=(*farms, terms.depot),
        feeds=pack_id(order.order_id) if order.packed else deliver_id(order.order_id),
    )
    return _task(order, draft, terms)


def _pack(order: OrderConfirmed, collects: Sequence[Task], terms: Terms) -> Task:
    earliest = min(task.window.start for task in collects)
    whole = _window(min(earliest, order.window.start), order.window.end, order.window)
    draft = _Draft(
        job_id=pack_id(order.order_id),
        kind="pack",
        window=_window(whole.start, order.window.start, whole),
        lines=_fed_lines(collects),
        route=(terms.depot,),
        feeds=deliver_id(order.order_id),
        sources=_sources(collects),
    )
    return _task(order, draft, terms)


def _deliver(order: OrderConfirmed, before: Sequence[Task], terms: Terms) -> Task:
    buyer = Stop(role="buyer", name=order.buyer_name, place=order.place)
    draft = _Draft(
        job_id=deliver_id(order.order_id),
        kind="deliver",
        window=order.window,
        lines=_fed_lines(before),
        route=(terms.depot, buyer),
        sources=_sources(before),
    )
    return _task(order, draft, terms)


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A task of which weight, way and pay are still to be worked out."""

    job_id: str
    kind: JobKind
    window: Window
    lines: tuple[Line, ...]
    route: tuple[Stop, ...]
    feeds: str | None = None
    sources: tuple[Source, ...] = ()


def _task(order: OrderConfirmed, draft: _Draft, terms: Terms) -> Task:
    grams = sum(line.count * line.grams for line in draft.lines)
    crates = sum(crates_for(line.count, line.per_crate) for line in draft.lines)
    metres = sum(_metres(one.place, other.place) for one, other in pairwise(draft.route))
    return Task(
        job_id=draft.job_id,
        order_id=order.order_id,
        kind=draft.kind,
        lines=draft.lines,
        route=draft.route,
        window=draft.window,
        grams=grams,
        crates=crates,
        storage=storage_needs([line.storage for line in draft.lines]),
        metres=metres,
        pay_cents=pay(terms.tariff[draft.kind], metres, grams, crates),
        sources=draft.sources,
        feeds=draft.feeds,
    )


def _metres(one: Place, other: Place) -> int:
    return road_metres(one.lat, one.lon, other.lat, other.lon)


def _line(line: ConfirmedLine) -> Line:
    return Line(
        id=line.line_id,
        attempt=line.attempt,
        lot_id=line.lot_id,
        producer_name=line.producer_name,
        product_name=line.product_name,
        pack_label=line.pack_label,
        storage=line.storage,
        count=line.count,
        grams=line.grams,
        per_crate=line.per_crate,
        by_weight=line.by_weight,
    )


def _fed_lines(before: Sequence[Task]) -> tuple[Line, ...]:
    return tuple(replace(line, source_id=task.job_id) for task in before for line in task.lines)


def _sources(before: Sequence[Task]) -> tuple[Source, ...]:
    return tuple(Source(job_id=task.job_id, name=_source_name(task)) for task in before)


def _source_name(task: Task) -> str:
    return _PACKING if task.kind == "pack" else task.route[0].name


def _collect_window(collects: Sequence[Window], delivery: Window) -> Window:
    """When all lots are there, and before the delivery where that leaves any time; else as near to it as can be."""
    start, end = max(each.start for each in collects), min(each.end for each in collects)
    loose = Window(start=min(each.start for each in collects), end=max(each.end for each in collects))
    together = _window(start, end, loose)
    in_time = _window(together.start, min(together.end, delivery.end), together)
    return _window(in_time.start, min(in_time.end, delivery.start), in_time)


def _window(start: str, end: str, otherwise: Window) -> Window:
    return Window(start=start, end=end) if start < end else otherwise
