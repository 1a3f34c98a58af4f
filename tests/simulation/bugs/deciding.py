"""Bugs of those who write a service: a handler that is missing or does the wrong thing, a deadline forgotten."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from flask import Response, json
from flask_smorest import Blueprint

from services.orders.app.kinds import OFFER
from services.orders.domain.offer import on_lot_told
from shared.consumer import Handler, Handlers, Message
from shared.events import jobs, lots, orders, reservations
from shared.events.base import Event
from shared.money import share
from shared.store.aggregate import Step
from shared.wiring import Service
from tests.simulation.bugs.plant import Bug

Change = Callable[[dict[type[Event], Handler]], Handlers]


def _handling(name: str, change: Change) -> Callable[[Service], Service]:
    """The services, of which this one has other handlers."""

    def planted(service: Service) -> Service:
        if service.name != name:
            return service
        return replace(service, handlers=lambda ledger, hub: change(dict(service.handlers(ledger, hub))))

    return planted


def _without(*events: type[Event]) -> Change:
    return lambda table: {event: handler for event, handler in table.items() if event not in events}


def _told_as(event: type[Event], **members: Any) -> Change:
    """Handles the event as if it said something else."""

    def change(table: dict[type[Event], Handler]) -> Handlers:
        handle = table[event]

        def handler(message: Message, now: str) -> Sequence[Step]:
            return handle(replace(message, data=replace(message.data, **members)), now)

        return {**table, event: handler}

    return change


def _deciding(event: type[Event], wrap: Callable[[Any], Any]) -> Change:
    """`wrap` gets each decision that the event asks for, and gives another."""

    def change(table: dict[type[Event], Handler]) -> Handlers:
        handle = table[event]

        def handler(message: Message, now: str) -> Sequence[Step]:
            return [replace(step, decide=wrap(step.decide)) for step in handle(message, now)]

        return {**table, event: handler}

    return change


def _back_to_confirmed(decide: Any) -> Any:
    def decided(order: Any) -> Any:
        after, events = decide(order)
        return (after if after is None or after.confirmed_at is None else replace(after, status="confirmed")), events

    return decided


def _forgetting(decide: Any) -> Any:
    """Does not look whether the line is known already."""

    def decided(lot: Any) -> Any:
        if lot is None:
            return decide(lot)
        return decide(replace(lot, reservations=tuple(each for each in lot.reservations if each.status != "open")))

    return decided


def _last_to_arrive(table: dict[type[Event], Handler]) -> Handlers:
    def handler(message: Message, _now: str) -> Sequence[Step]:
        event: Any = message.data
        return [Step(kind=OFFER, id=event.lot_id, decide=lambda offer: (_taken(offer, event), ()))]

    return {**table, lots.LotChanged: handler, lots.LotListed: handler}


def _taken(offer: Any, event: Any) -> Any:
    known = None if offer is None or offer.lot is None else replace(offer, lot=replace(offer.lot, revision=0))
    return on_lot_told(known, event)


def _by_arrival(table: dict[type[Event], Handler]) -> Handlers:
    """Takes each piece of news about a job for the latest."""
    arrived = count(1)

    def late(handle: Handler) -> Handler:
        return lambda message, now: handle(replace(message, id=f"jobs/any/{next(arrived)}/0"), now)

    return {event: late(handle) if event.topic == "jobs" else handle for event, handle in table.items()}


def _no_deadlines(service: Service) -> Service:
    return replace(service, dues=lambda _hub: ()) if service.name == "logistics" else service


def _answering(change: Callable[[dict[str, Any]], None]) -> Callable[[Service], Service]:
    """`change` makes every bill that orders answers a little different."""

    def planted(service: Service) -> Service:
        if service.name != "orders":
            return service
        return replace(service, blueprints=lambda ledger, hub: _hooked(service.blueprints(ledger, hub), change))

    return planted


def _hooked(made: Sequence[Blueprint], change: Callable[[dict[str, Any]], None]) -> Sequence[Blueprint]:
    def changed(response: Response) -> Response:
        body = response.get_json(silent=True)
        if response.status_code == 200 and isinstance(body, dict) and "totals" in body:
            change(body)
            response.set_data(json.dumps(body))
        return response

    for blueprint in made:
        blueprint.after_request(changed)
    return made


def _vat_a_line(order: dict[str, Any]) -> None:
    for vat in order["totals"]["vat"]:
        mine = [line["amount_cents"] for line in order["lines"] if line["product"]["vat_percent"] == vat["percent"]]
        vat["cents"] = sum(share(cents, vat["percent"], 100) for cents in mine)


def _in_floats(order: dict[str, Any]) -> None:
    order["totals"]["net_cents"] *= 1.0


class _Early:
    """Commits as soon as it has polled."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def poll(self, timeout: float, limit: int) -> Any:
        records = self._inner.poll(timeout, limit)
        self._inner.commit()
        return records


_LOST = ("4_acknowledged_stays", "copies_agree", "2_nothing_waits_for_ever", "1_stock_comes_back", "1_stock_as_told")

BUGS = (
    Bug(name="committed before the write", breaks=_LOST, subscription=_Early),
    Bug(
        name="a refused order keeps its stock",
        breaks=("1_stock_comes_back",),
        service=_handling("producers", _without(orders.OrderRefused, orders.OrderCancelled)),
    ),
    Bug(
        name="lost goods are sold again",
        breaks=("1_stock_as_told",),
        service=_handling("producers", _told_as(jobs.JobDone, short_stock="back")),
    ),
    Bug(
        name="a status goes back",
        breaks=("2_nothing_goes_back",),
        service=_handling("orders", _deciding(jobs.JobClaimed, _back_to_confirmed)),
    ),
    Bug(name="no job falls due", breaks=("2_nothing_waits_for_ever",), service=_no_deadlines),
    Bug(
        name="nobody says why",
        breaks=("2_explained",),
        service=_handling("orders", _told_as(jobs.JobFailed, reason="")),
    ),
    Bug(
        name="a line is reserved again",
        breaks=("3_reserved_once", "1_stock_balances"),
        service=_handling("producers", _deciding(orders.OrderPlaced, _forgetting)),
    ),
    Bug(
        name="the last to arrive is the truth",
        breaks=("copies_agree", "5_same_documents"),
        service=_handling("orders", _last_to_arrive),
    ),
    Bug(
        name="news of a job count as they arrive",
        breaks=("copies_agree", "5_same_documents", "2_nothing_goes_back"),
        service=_handling("orders", _by_arrival),
    ),
    Bug(
        name="the farm's history misses what came back",
        breaks=("copies_agree",),
        service=_handling("producers", _without(reservations.StockReleased)),
    ),
    Bug(name="VAT is rounded a line", breaks=("7_whole_cents",), service=_answering(_vat_a_line), web=True),
    Bug(name="money is a float", breaks=("7_whole_cents",), service=_answering(_in_floats), web=True),
)
