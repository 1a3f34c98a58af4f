"""Looking around, and trying the doors of others: who asks for what is not theirs gets nothing and changes nothing."""

from typing import Any

from tests.simulation.play import Ask, Play
from tests.simulation.site import Person

_CLOSED = (403, 404, 409, 503)  # 409: nobody holds that job any more, so it is anybody's to claim


def look_around(play: Play) -> None:
    """Lists show one's own, and only that."""
    who = play.person(play.world.town.everybody)
    for path, owner in _LISTS[who.service]:
        found = play.ask(who, Ask(what="look_around", method="GET", path=path))
        items = (found or {}).get("items", ())
        foreign = [item for item in items if owner and item[owner] != who.id]
        play.world.notes.expect(not foreign, "6_only_their_own", f"{who.name} saw {foreign} at {path}.")


_LISTS: dict[str, tuple[tuple[str, str], ...]] = {
    "producers": (("/v1/lots", "producer_id"), ("/v1/reservations", "producer_id"), ("/v1/products", "producer_id")),
    "orders": (("/v1/orders", "buyer_id"), ("/v1/offers", ""), ("/v1/orders?waiting=true", "buyer_id")),
    "logistics": (("/v1/board", ""), ("/v1/jobs", "")),
}


def intrude(play: Play) -> None:
    """Reads and changes somebody else's things, by their real ids."""
    doors = _doors(play)
    name = play.pick(doors)
    if name is None:
        return
    who, ask = doors[name]
    play.ask(who, ask)
    answer = play.world.deeds.all[-1]
    job = play.world.states("logistics", "jobs").get(ask.of, {})
    closed = answer.outcome != "done" and (answer.answer or {}).get("status", 404) in _CLOSED
    play.world.notes.expect(
        closed or job.get("holder_id") == who.id,
        "6_only_their_own",
        f"{who.name}, {ask.method} {ask.path}: {answer.answer}",
    )


def _doors(play: Play) -> dict[str, tuple[Person, Ask]]:
    """Every door that is not for whom stands before it."""
    town, states = play.world.town, play.world.states
    lots = [("producers", "lots", id_, each["producer_id"]) for id_, each in states("producers", "lots").items()]
    orders = [("orders", "orders", id_, each["buyer_id"]) for id_, each in states("orders", "orders").items()]
    jobs = [
        ("logistics", "jobs", id_, each["holder_id"])
        for id_, each in states("logistics", "jobs").items()
        if each["holder_id"]
    ]
    return {
        f"{id_}/{method}{path}": (who, _ask(method, f"/v1/{collection}/{id_}{path}", id_, body))
        for service, collection, id_, owner in (*lots, *orders, *jobs)
        for who in town.everybody
        if who.service == service and who.id != owner
        for method, path, body in _WAYS[collection]
    }


def _ask(method: str, path: str, id_: str, body: Any) -> Ask:
    return Ask(what="intrude", method=method, path=path, of=id_, body=body)


_WAYS: dict[str, tuple[tuple[str, str, Any], ...]] = {
    "lots": (("GET", "", None), ("PATCH", "", {"listed": 1_000_000}), ("POST", "/withdraw", None)),
    "orders": (
        ("GET", "", None),
        ("POST", "/cancel", None),
        ("POST", "/receipt", None),
        ("POST", "/lines/1/short", {"missing": 1}),
    ),
    "jobs": (
        ("POST", "/start", None),
        ("POST", "/drop", {"reason": "Van een ander."}),
        ("POST", "/done", {"by": "Iemand"}),
        ("POST", "/fail", {"reason": "crew_trouble"}),
    ),
}

TABLE = {
    "look_around": (look_around, 2),
    "intrude": (intrude, 4),
}
