"""The ledger against what the hub tells: each acknowledged request is there, once, and nothing else is. Pure."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from deploy.hub.demo import checks
from deploy.hub.demo.checks import Check
from tests.torture.evidence import Document, Evidence
from tests.torture.ledger import Entry

_BEGUN = ("started", "done")
_RELEASES = ("drop", "fail", "done")
# How a job's timeline tells what an enterprise did, after its name.
_TOLD = {
    "claim": "Taken up by {name}",
    "drop": "Given back by {name}:",
    "start": "Begun by {name}.",
    "done": "Done by {name}:",
    "fail": "Failed, says {name}:",
}
# The statuses that a job may have when this was the last that its holder did; the others' doings come after it.
_LEADS_TO = {
    "claim": ("claimed", "cancelled"),
    "start": ("started",),
    "done": ("done",),
    "drop": ("open", "cancelled"),
    "fail": ("open", "cancelled", "failed"),
}


def balance(entries: Sequence[Entry], found: Evidence, names: Mapping[str, str]) -> list[Check]:
    """Every check; `names` has the parties' names, by id."""
    facts = found.facts()
    acknowledged = sorted({each.told["id"] for each in entries if each.what == "order" and each.acknowledged})
    orders = {order.id: order for order in facts.orders}
    return [
        _each_order_once(entries, found),
        _orders_as_acknowledged(entries, found),
        _cancels_took_effect(entries, found),
        _lots_once(entries, found),
        _stock_as_listed(entries, found),
        _withdrawn(entries, found),
        _work_done_once(entries, found, names),
        _work_stands(entries, found),
        _one_holder(entries),
        checks.lots_add_up(facts.lots),
        checks.orders_are_known(acknowledged, orders),
        checks.orders_are_explained(facts.orders),
        checks.reservations_add_up(facts.lots, facts.orders),
        checks.goods_add_up(facts.lots, facts.jobs),
        checks.arrivals_add_up(facts.orders, facts.jobs),
        _answered(found),
    ]


def _of(entries: Iterable[Entry], what: str) -> list[Entry]:
    return [each for each in entries if each.what == what]


def _check(says: str, things: Sequence[object], wrong: Iterable[str]) -> Check:
    return Check(says=says, count=len(things), wrong=tuple(wrong))


def _within(least: int, count: int, most: int, about: str) -> Iterator[str]:
    """Nothing where the count is one that the ledger allows."""
    if not least <= count <= most:
        bounds = str(least) if least == most else f"{least} to {most}"
        yield f"{about}: {count}, where the ledger has {bounds}."


def _each_order_once(entries: Sequence[Entry], found: Evidence) -> Check:
    """Each Idempotency-Key made one order where one was acknowledged, and none where it was refused."""
    asked = _of(entries, "order")
    sure = {each.target for each in asked if each.acknowledged}
    doubtful = {each.target for each in asked if each.doubtful} - sure
    made = Counter(order["note"] for order in found.orders.values())
    wrong = [text for key in sure for text in _within(1, made[key], 1, f"Orders of key {key}")]
    wrong += [text for key in doubtful for text in _within(0, made[key], 1, f"Orders of key {key}")]
    wrong += [f"Nobody was told of an order of key {key}." for key in made.keys() - sure - doubtful]
    return _check("Every acknowledged order was made exactly once, and no other", sorted(sure), wrong)


def _orders_as_acknowledged(entries: Sequence[Entry], found: Evidence) -> Check:
    asked = [each for each in _of(entries, "order") if each.acknowledged]
    wrong = []
    for each in asked:
        order = found.orders.get(each.told["id"])
        wanted = [[line["lot_id"], line["pack_id"], line["count"]] for line in each.said["lines"]]
        if order is None or _lines(order) != wanted or order["note"] != each.target or each.told["lines"] != wanted:
            wrong.append(f"Order {each.told['id']} is not what was asked by key {each.target}.")
    return _check("Every acknowledged order has the lines that were asked", asked, wrong)


def _lines(order: Document) -> list[list[object]]:
    return [[line["lot_id"], line["pack"]["id"], line["asked"]] for line in order["lines"]]


def _cancels_took_effect(entries: Sequence[Entry], found: Evidence) -> Check:
    asked = [each for each in _of(entries, "cancel") if each.acknowledged]
    doubtful = {each.target for each in _of(entries, "cancel") if each.doubtful}
    told = {id_: _count(order, ("Cancelled by ", "Cancelling, asked by ")) for id_, order in found.orders.items()}
    wrong = [text for each in asked for text in _within(1, told.get(each.target, 0), 1, f"Cancels of {each.target}")]
    known = {each.target for each in asked} | doubtful
    wrong += [f"Order {id_} was cancelled by nobody." for id_, count in told.items() if count and id_ not in known]
    stuck = [id_ for id_, order in found.orders.items() if order["status"] == "cancelling"]
    wrong += [f"Order {id_} is still being cancelled." for id_ in stuck]
    return _check("Every acknowledged cancel took effect once, and no other", asked, wrong)


def _count(document: Document, beginnings: tuple[str, ...]) -> int:
    return sum(entry["text"].startswith(beginnings) for entry in document["timeline"])


def _lots_once(entries: Sequence[Entry], found: Evidence) -> Check:
    asked = _of(entries, "lot")
    sure = {each.target for each in asked if each.acknowledged}
    made = Counter(lot["lot_code"] for lot in found.lots.values())
    wrong = [text for code in sure for text in _within(1, made[code], 1, f"Lots of code {code}")]
    wrong += [f"Nobody was told of lot {code}." for code in made.keys() - {each.target for each in asked}]
    return _check("Every acknowledged lot was made exactly once, and no other", sorted(sure), wrong)


def _stock_as_listed(entries: Sequence[Entry], found: Evidence) -> Check:
    """A farm speaks for itself alone, one request after the other: its last word counts."""
    last: dict[str, list[int]] = {}
    for each in entries:
        if each.what == "lot" and each.acknowledged:
            last[each.told["id"]] = [each.said["stock"]]
        elif each.what == "listed" and each.acknowledged:
            last[each.target] = [each.said["listed"]]
        elif each.what == "listed" and each.doubtful:
            last[each.target] = [*last[each.target], each.said["listed"]]
    wrong = [
        f"Lot {id_} lists {found.lots[id_]['stock']['listed']}, its farm last listed {allowed}."
        for id_, allowed in last.items()
        if id_ in found.lots and found.lots[id_]["stock"]["listed"] not in allowed
    ]
    return _check("Every lot lists what its farm last listed", sorted(last), wrong)


def _withdrawn(entries: Sequence[Entry], found: Evidence) -> Check:
    asked = [each for each in _of(entries, "withdraw") if each.acknowledged]
    wrong = [f"Lot {each.target} is on offer again." for each in asked if not _is_withdrawn(found, each.target)]
    known = {each.target for each in _of(entries, "withdraw")}
    wrong += [f"Nobody withdrew lot {id_}." for id_ in found.lots if _is_withdrawn(found, id_) and id_ not in known]
    return _check("Every acknowledged withdrawal stands, and no other", asked, wrong)


def _is_withdrawn(found: Evidence, lot_id: str) -> bool:
    return bool(found.lots[lot_id]["status"] == "withdrawn")


def _work_done_once(entries: Sequence[Entry], found: Evidence, names: Mapping[str, str]) -> Check:
    """What a job's timeline tells of each enterprise is what that was told, as often as it was told it."""
    acts = [each for each in entries if each.what in _TOLD and (each.acknowledged or each.doubtful)]
    sure, most = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for each in acts:
        sure[each.target, each.who, each.what] += each.acknowledged
        most[each.target, each.who, each.what] += 1
    wrong = []
    for job_id, job in found.jobs.items():
        for what, text in _TOLD.items():
            for who, name in names.items():
                count, key = _count(job, (text.format(name=name),)), (job_id, who, what)
                wrong += _within(sure[key], count, most[key], f"Job {job_id}, {what} by {name}")
    wrong += [f"Job {each.target} is not there." for each in acts if each.target not in found.jobs]
    return _check("Every acknowledged claim, start, end, drop took effect once, and no other", acts, wrong)


def _work_stands(entries: Sequence[Entry], found: Evidence) -> Check:
    """Each job is as the last that was acknowledged about it left it."""
    acts: defaultdict[str, list[Entry]] = defaultdict(list)
    for each in entries:
        if each.what in _TOLD and (each.acknowledged or each.doubtful):
            acts[each.target].append(each)
    lasts = [max(those, key=lambda each: each.began) for those in acts.values()]
    sure = [each for each in lasts if each.acknowledged and each.target in found.jobs]
    wrong = [text for each in sure for text in _as_left(found.jobs[each.target], each)]
    return _check("Every job is as its last acknowledged request left it", sure, wrong)


def _as_left(job: Document, last: Entry) -> Iterator[str]:
    if job["status"] not in _LEADS_TO[last.what]:
        yield f"Job {last.target} is {job['status']} after an acknowledged {last.what} by {last.who}."
    if last.what in ("claim", *_BEGUN) and (job["holder"] or {}).get("id") != last.who:
        yield f"Job {last.target} is not held by {last.who}, though its {last.what} was acknowledged."
    if last.what == "done" and job["handover"] != last.told["handover"]:
        yield f"Job {last.target} has another hand-over than was acknowledged."


def _one_holder(entries: Sequence[Entry]) -> Check:
    """From the answer to a claim until the holder asks to let go, nobody else's claim may be acknowledged."""
    claims = [each for each in _of(entries, "claim") if each.acknowledged]
    releases: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for each in entries:
        if each.what in _RELEASES and (each.acknowledged or each.doubtful):
            releases[each.target, each.who].append(each.began)
    spans: defaultdict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for claim in claims:
        later = [at for at in releases[claim.target, claim.who] if at > claim.ended]
        spans[claim.target].append((claim.ended, min(later, default=math.inf), claim.who))
    wrong = [text for job_id, held in spans.items() for text in _overlaps(job_id, sorted(held))]
    return _check("No job was given to a second holder while one held it", claims, wrong)


def _overlaps(job_id: str, spans: Sequence[tuple[float, float, str]]) -> Iterator[str]:
    for (_, until, first), (since, _, second) in pairwise(spans):
        if since < until:
            yield f"Job {job_id} was given to {second} while {first} held it."


def _answered(found: Evidence) -> Check:
    """At rest no order waits for its producers, nor for its work to be planned."""
    waits = {id_: (order["waits_for"] or {}).get("whom") for id_, order in found.orders.items()}
    wrong = [f"Order {id_} still waits for {whom}." for id_, whom in waits.items() if whom in ("producers", "planning")]
    return _check("No order waits for an answer or for planning", sorted(waits), wrong)
