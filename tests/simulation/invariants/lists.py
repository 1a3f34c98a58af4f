"""What lists and searches show is all there is, each thing once, piece by piece."""

from collections.abc import Iterator

from shared import clock
from tests.simulation.site import Person
from tests.simulation.world import World

_PIECE = 3
_MOST_PIECES = 200


def pages(hub: World, who: Person, path: str) -> Iterator[dict[str, str]]:
    """All items of a list, a few at a time."""
    cursor = None
    for _ in range(_MOST_PIECES):
        following = f"&cursor={cursor}" if cursor else ""
        page = hub.site.send(who, "GET", f"{path}{'&' if '?' in path else '?'}limit={_PIECE}{following}").json
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return
    hub.notes.broke("lists_are_whole", f"{path} of {who.name} never ends.")


def own_things(hub: World) -> None:
    """Everybody's lots and jobs."""
    for people, path, service, collection, owner in (
        (hub.town.farms, "/v1/lots", "producers", "lots", "producer_id"),
        (hub.town.vans, "/v1/jobs", "logistics", "jobs", "holder_id"),
    ):
        for who in people:
            shown = sorted(each["id"] for each in pages(hub, who, path))
            mine = sorted(id_ for id_, each in hub.states(service, collection).items() if each[owner] == who.id)
            hub.notes.expect(shown == mine, "lists_are_whole", f"{path} shows {who.name} {shown}, of {mine}.")


def offers(hub: World) -> None:
    """A search finds whatever is in stock and can still be collected."""
    today = clock.brussels_day(hub.time)
    there = sorted(
        id_
        for id_, lot in hub.states("producers", "lots").items()
        if lot["status"] == "on_offer" and lot["collect"]["end"] > hub.time and (lot["best_before"] or today) >= today
    )
    for shop in hub.town.shops:
        shown = sorted(each["lot_id"] for each in pages(hub, shop, "/v1/offers"))
        hub.notes.expect(shown == there, "lists_are_whole", f"A search shows {shop.name} {shown}, of {there}.")
