"""What farmers do: list lots, change them and their products, withdraw them, weigh what is sold by weight."""

from typing import Any

from shared import clock
from tests.simulation.chance import chance
from tests.simulation.play import Ask, Play
from tests.simulation.site import PRODUCTS, Person

_HOUR = 3_600
_PACKS: dict[str, list[dict[str, Any]]] = {
    "vegetables": [
        {"id": "kilo", "label": "1 kg", "size": 1_000, "price_cents": 183},
        {"id": "crate", "label": "crate 5 kg", "size": 5_000, "price_cents": 799},
    ],
    "cheese": [{"id": "wheel", "label": "wheel", "size": 2_000, "price_cents": 2_417, "by_weight": True}],
    "juice": [{"id": "bottle", "label": "75 cl", "size": 750, "price_cents": 311}],
    "eggs": [
        {"id": "six", "label": "6", "size": 6, "price_cents": 217, "grams": 390},
        {"id": "tray", "label": "30", "size": 30, "price_cents": 955, "grams": 1_950},
    ],
}


def list_lot(play: Play) -> None:
    """A lot of one of the farm's products; small enough to run out."""
    farm, number = _choice(play)
    packs = _PACKS[PRODUCTS[number]["kind"]]
    body = {
        "product_id": play.world.town.products[farm.id][number],
        "stock": packs[0]["size"] * play.draw.choice((2, 5, 8, 20)) + play.draw.choice((0, 1, 500)),
        "packs": packs[: play.draw.randint(1, len(packs))],
        "collect": window(play, play.draw.choice((1, 4, 20)), play.draw.choice((3, 6))),
    }
    play.ask(farm, Ask(what="list_lot", method="POST", path="/v1/lots", body=body, key=play.key()))


def list_and_change(play: Play) -> None:
    """A lot is listed in the same moment in which its product is corrected."""
    play.world.turns.start(f"step {play.number}", "web", "producers", lambda: list_lot(play))
    farm, number = _choice(play)
    id_ = play.world.town.products[farm.id][number]
    body = {"name": f"Product {play.number}"}
    play.ask(farm, Ask(what="change_product", method="PATCH", path=f"/v1/products/{id_}", of=id_, body=body))


def _choice(play: Play) -> tuple[Person, int]:
    """The farm and the product of this step's lot."""
    draw = chance(play.world.seed, "lot", play.number)
    return draw.choice(play.world.town.farms), draw.randrange(len(PRODUCTS))


def change_lot(play: Play) -> None:
    """Another price, another quantity, or another window."""
    lot = lot_of(play)
    if lot is None:
        return
    id_, state, farm = lot
    dearer = [{**_as_sent(pack), "price_cents": pack["price_cents"] + 7} for pack in state["packs"]]
    size = state["packs"][0]["size"]
    bodies: list[dict[str, Any]] = [
        {"packs": dearer},
        {"listed": max(1, state["listed"] + size * play.draw.choice((-6, -2, 3, 10)))},
        {"collect": window(play, play.draw.choice((1, 8)), 5)},
        {"packs": dearer, "listed": state["listed"] + 1},
    ]
    version = play.draw.choice((None, None, play.world.version("producers", "lots", id_)))
    body = play.draw.choice(bodies)
    play.ask(farm, Ask(what="change_lot", method="PATCH", path=f"/v1/lots/{id_}", of=id_, body=body, version=version))


def change_product(play: Play) -> None:
    """A correction that all lots of the product must follow."""
    farm = play.person(play.world.town.farms)
    id_ = play.draw.choice(play.world.town.products[farm.id])
    allergens = play.draw.choice(([], ["celery"], ["milk", "nuts"]))
    body = play.draw.choice(({"allergens": allergens}, {"organic": True}, {"name": f"Product {play.number}"}))
    play.ask(farm, Ask(what="change_product", method="PATCH", path=f"/v1/products/{id_}", of=id_, body=body))


def withdraw_lot(play: Play) -> None:
    """For good."""
    lot = lot_of(play)
    if lot is not None:
        id_, _, farm = lot
        play.ask(farm, Ask(what="withdraw_lot", method="POST", path=f"/v1/lots/{id_}/withdraw", of=id_))


def weigh(play: Play) -> None:
    """What a wheel of cheese really weighs."""
    found = {
        f"{id_}/{_name(each)}": (lot["producer_id"], each)
        for id_, lot in play.world.states("producers", "lots").items()
        for each in lot["reservations"]
        if each["by_weight"] and each["count"]
    }
    chosen = play.pick(found)
    if chosen is None:
        return
    lot_id, reservation = chosen.split("/")
    farm_id, each = found[chosen]
    grams = each["count"] * each["pack_grams"] + play.draw.choice((-313, 77, 205))
    path = f"/v1/lots/{lot_id}/reservations/{reservation}/weight"
    play.ask(_farm(play, farm_id), Ask(what="weigh", method="POST", path=path, of=reservation, body={"grams": grams}))


def lot_of(play: Play) -> tuple[str, dict[str, Any], Person] | None:
    """A lot, and whose it is."""
    lots = play.world.states("producers", "lots")
    id_ = play.pick(lots)
    return None if id_ is None else (id_, lots[id_], _farm(play, lots[id_]["producer_id"]))


def window(play: Play, after_hours: int, hours: int) -> dict[str, str]:
    """From so many hours on from now, for so many hours."""
    start = clock.plus(play.world.time, seconds=after_hours * _HOUR)
    return {"start": start, "end": clock.plus(start, seconds=hours * _HOUR)}


def _as_sent(pack: dict[str, Any]) -> dict[str, Any]:
    return {name: pack[name] for name in ("id", "label", "size", "price_cents", "by_weight", "grams", "per_crate")}


def _name(each: dict[str, Any]) -> str:
    return f"{each['order_id']}.{each['line_id']}.{each['attempt']}"


def _farm(play: Play, id_: str) -> Person:
    return next(farm for farm in play.world.town.farms if farm.id == id_)


TABLE = {
    "list_lot": (list_lot, 6),
    "list_and_change": (list_and_change, 2),
    "change_lot": (change_lot, 4),
    "change_product": (change_product, 2),
    "withdraw_lot": (withdraw_lot, 2),
    "weigh": (weigh, 4),
}
