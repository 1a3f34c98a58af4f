"""How jobs are shown, and what of them to whom."""

from collections.abc import Sequence
from typing import Any

from services.logistics.app.board import Found, Spot
from services.logistics.domain.enterprise import Enterprise
from services.logistics.domain.goods import awaited, shares
from services.logistics.domain.job import Job
from services.logistics.domain.story import story
from services.logistics.domain.suits import metres_to
from services.logistics.domain.task import Stop
from shared.errors import InvalidError
from shared.http.doors import Caller
from shared.store.aggregate import Saved

_SPOT_PARTS = 3
_LONGEST_NUMBER = 9


def knows_all(job: Job, who: Caller) -> bool:
    """Whether buyer and history are the caller's business: it holds or did the job, or it is the operator."""
    return who.is_operator or job.holder_id == who.party_id


def brief(saved: Saved[Job], who: Caller, enterprise: Enterprise | None = None) -> dict[str, Any]:
    """A job as lists show it; `enterprise` is the caller, where distances are from its place."""
    job, task = saved.state, saved.state.work
    missing = [each.name for each in awaited(job)]
    return {
        "id": job.id,
        "version": saved.version,
        "order_id": job.order_id,
        "kind": job.kind,
        "status": job.status,
        "window": task.window,
        "pay_cents": task.pay_cents,
        "grams": task.grams,
        "crates": task.crates,
        "storage": task.storage,
        "metres": task.metres,
        "distance_metres": metres_to(task, enterprise) if enterprise else None,
        "route": [_stop(each, knows_all=knows_all(job, who)) for each in task.route],
        "ready": not missing,
        "awaits": missing,
        "wide": job.wide,
        "escalated": job.escalated,
        "holder": {"id": job.holder_id, "name": job.holder_name} if job.holder_id else None,
        "offered_at": job.offered_at,
    }


def detail(saved: Saved[Job], who: Caller, enterprise: Enterprise | None = None) -> dict[str, Any]:
    """A job with its goods; hand-over and history only for its holder and the operator."""
    job, known = saved.state, knows_all(saved.state, who)
    return {
        **brief(saved, who, enterprise),
        "lines": _lines(job),
        "pack_at": _pack_at(job),
        "given_up_at": job.expires_at,
        "outcome": job.outcome,
        "handover": job.handover if known else None,
        "timeline": story(job) if known else (),
    }


def board_page(found: Sequence[Found], who: Caller, *, more: bool) -> dict[str, Any]:
    """A page of the board."""
    items = [{**brief(each.saved, who), "distance_metres": each.metres} for each in found]
    return {"items": items, "next": _cursor(found[-1].spot) if more else None}


def spot_of(cursor: str | None) -> Spot | None:
    """The spot on the board that a cursor names. Raises InvalidError."""
    if cursor is None:
        return None
    parts = cursor.split("/", _SPOT_PARTS - 1)
    if len(parts) != _SPOT_PARTS or not (parts[0].isascii() and parts[0].isdigit()) or len(parts[0]) > _LONGEST_NUMBER:
        raise InvalidError(
            "bad_cursor", "This is no cursor of the board: use `next` of the page before.", field="cursor"
        )
    return int(parts[0]), parts[1], parts[2]


def _cursor(spot: Spot) -> str:
    metres, start, job_id = spot
    return f"{metres}/{start}/{job_id}"


def _stop(stop: Stop, *, knows_all: bool) -> dict[str, Any]:
    place = stop.place
    if stop.role == "buyer" and not knows_all:
        return {
            "role": stop.role,
            "name": None,
            "street": None,
            "postcode": None,
            "town": place.town,
            "lat": None,
            "lon": None,
        }
    return {
        "role": stop.role,
        "name": stop.name,
        "street": place.street,
        "postcode": place.postcode,
        "town": place.town,
        "lat": place.lat,
        "lon": place.lon,
    }


def _lines(job: Job) -> list[dict[str, Any]]:
    present = {each.line.id: each for each in shares(job)}
    return [
        {
            "line_id": line.id,
            "product": line.product_name,
            "pack": line.pack_label,
            "producer": line.producer_name,
            "asked": line.count,
            "count": present[line.id].count if line.id in present else 0,
            "there": line.id not in present or present[line.id].there,
            "grams": line.grams,
            "by_weight": line.by_weight,
        }
        for line in job.work.lines
    ]


def _pack_at(job: Job) -> dict[str, Any] | None:
    if job.kind != "pack" or job.holder_name is None:
        return None
    depot = job.work.route[0]
    return _stop(depot, knows_all=True) if job.site is None else _own_site(job)


def _own_site(job: Job) -> dict[str, Any]:
    site = Stop(role="depot", name=job.holder_name or "", place=job.site or job.work.route[0].place)
    return _stop(site, knows_all=True)
