"""An order and an offer as people read them: plain members, worked out from the facts."""

from collections.abc import Mapping
from typing import Any

from services.orders.app.search import Hit
from services.orders.domain.condition import condition
from services.orders.domain.job import Job
from services.orders.domain.line import Line
from services.orders.domain.offer import price_per_unit
from services.orders.domain.order import Order
from services.orders.domain.progress import Course, courses, ended_at
from services.orders.domain.timeline import timeline
from services.orders.domain.totals import Amount, amounts, totals
from services.orders.domain.waiting import waits_for
from shared.events.lots import LotSnapshot
from shared.store.aggregate import Saved

Members = dict[str, Any]


def brief_view(saved: Saved[Order]) -> Members:
    """An order in a list."""
    order = saved.state
    return {
        "id": order.id,
        "status": order.status,
        "placed_at": order.placed_at,
        "ended_at": ended_at(order),
        "buyer_id": order.buyer_id,
        "buyer_name": order.buyer_name,
        "place": order.place,
        "window": order.window,
        "line_count": len(order.lines),
        "gross_cents": totals(order, amounts(order)).gross,
        "waits_for": waits_for(order),
        "version": saved.version,
    }


def full_view(saved: Saved[Order]) -> Members:
    """An order with its lines, who does what, what it costs, and its story."""
    order, found = saved.state, courses(saved.state)
    billed = amounts(order)
    return {
        **brief_view(saved),
        "packed": order.packed,
        "note": order.note,
        "answer_by": order.answer_by,
        "confirmed_at": order.confirmed_at,
        "receipt_at": order.receipt_at,
        "lines": [_line(order, line, found.get(line.id), billed[line.id]) for line in order.lines],
        "jobs": [_job(job) for job in order.jobs],
        "totals": _totals(order, billed),
        "timeline": timeline(order),
    }


def offer_view(hit: Hit, lot: LotSnapshot) -> Members:
    """A lot on offer, and how far it is."""
    offer = hit.offer
    return {
        "lot_id": lot.lot_id,
        "lot_code": lot.lot_code,
        "on_offer": offer.on_offer,
        "in_stock": offer.in_stock,
        "available": lot.available,
        "producer_id": lot.producer_id,
        "producer_name": lot.producer_name,
        "product": lot.product,
        "packs": [_pack(lot, number) for number in range(len(lot.packs))],
        "unit_price_cents": offer.unit_price,
        "harvested_on": lot.harvested_on,
        "best_before": lot.best_before,
        "place": lot.place,
        "collect": lot.collect,
        "distance_m": hit.metres,
    }


def _pack(lot: LotSnapshot, number: int) -> Members:
    pack = lot.packs[number]
    return {
        "id": pack.id,
        "label": pack.label,
        "size": pack.size,
        "price_cents": pack.price_cents,
        "grams": pack.grams,
        "per_crate": pack.per_crate,
        "by_weight": pack.by_weight,
        "unit_price_cents": price_per_unit(pack, lot.product.unit),
    }


def _line(order: Order, line: Line, course: Course | None, billed: Amount) -> Members:
    attempt, source = line.current, line.current.source
    state = condition(order, line, course)
    first = line.attempts[0].source if len(line.attempts) > 1 else None
    return {
        "id": line.id,
        "lot_id": source.lot_id,
        "lot_code": source.lot_code,
        "best_before": source.best_before,
        "producer_id": source.producer_id,
        "producer_name": source.producer_name,
        "product": source.product,
        "pack": source.pack,
        "wish": line.wish,
        "instead_of": {"lot_id": first.lot_id, "name": first.product.name} if first else None,
        "asked": attempt.asked,
        "confirmed": None if attempt.answered_at is None else attempt.reserved,
        "collected": course.collected if course else None,
        "delivered": course.delivered if course else None,
        "state": state.state,
        "explanation": state.text,
        "grams": attempt.grams,
        "billed": billed.count,
        "amount_cents": billed.cents,
        "estimated": billed.estimated,
        "missing": line.missing,
        "missing_note": line.missing_note,
    }


def _job(job: Job) -> Members:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "enterprise": job.doer,
        "since": job.steps[-1].at,
        "line_ids": job.line_ids,
    }


def _totals(order: Order, billed: Mapping[str, Amount]) -> Members:
    found = totals(order, dict(billed))
    return {
        "net_cents": found.net,
        "vat": [{"percent": percent, "cents": cents} for percent, cents in found.vat.items()],
        "gross_cents": found.gross,
        "estimated": any(each.estimated for each in billed.values()),
    }
