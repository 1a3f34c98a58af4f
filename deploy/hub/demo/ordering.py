"""Shops order: what each takes on a usual morning (pure), and the placing of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.hub.demo.client import Client
from deploy.hub.demo.days import at_hour, day_after
from deploy.hub.demo.parties import Shop
from deploy.hub.demo.register import PLACE_ID
from shared.ids import derived_id
from shared.values import WISHES

_ORDERS = "/orders/v1/orders"
_OFFERS = "/orders/v1/offers"
_FROM_H, _TO_H = 7, 12
_HEAVY_G = 4_000
_LEAST_LINES, _LINE_SPREAD = 2, 5
_EVERY_PACKED = 4

Offer = Mapping[str, Any]
Order = Mapping[str, Any]
Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where shops order: their clients by id, and the morning's window.

    `run` tells this morning's orders from those of another; `placed` are the orders that got a 2xx, in order.
    """

    clients: Mapping[str, Client]
    window: Mapping[str, str]
    run: str
    placed: list[str] = field(default_factory=list)


def offers(client: Client, *, sold_out: bool = False) -> list[Offer]:
    """All that is on offer, in an order that does not depend on ids; also what is sold out where that is asked."""
    found = client.all(_OFFERS, sold_out="true" if sold_out else "false")
    return sorted(found, key=lambda each: (each["product"]["name"], each["lot_code"], each["lot_id"]))


def place(counter: Counter, shop: Shop, lines: Sequence[Line], *, packed: bool = False, note: str = "") -> Order:
    """Orders these lines for the shop. Raises AnsweredNoError where the hub refuses."""
    body = {
        "place_id": PLACE_ID,
        "window": dict(counter.window),
        "packed": packed,
        "lines": list(lines),
        **({"note": note} if note else {}),
    }
    once = derived_id("morning", counter.run, shop.kbo, str(len(counter.placed)))
    order: Order = counter.clients[shop.kbo].post(_ORDERS, body, once=once)
    counter.placed.append(order["id"])
    return order


def tomorrow_morning(now: str) -> dict[str, str]:
    """The usual delivery window, on the Brussels clock."""
    tomorrow = day_after(now, 1)
    return {"start": at_hour(tomorrow, _FROM_H), "end": at_hour(tomorrow, _TO_H)}


def line(offer: Offer, count: int, wish: str, pack: int = 0) -> Line:
    """So many of an offer's packs, counted from the smallest."""
    packs = sorted(offer["packs"], key=lambda each: each["size"])
    return {"lot_id": offer["lot_id"], "pack_id": packs[pack % len(packs)]["id"], "count": count, "wish": wish}


def usual(on_offer: Sequence[Offer], seat: int, turn: int) -> list[Line]:
    """What the shop in this seat orders at this turn: a few different products, wishes taken in turn."""
    count = _LEAST_LINES + (seat + turn) % _LINE_SPREAD
    return [_usual_line(offer, seat, place) for place, offer in enumerate(_picked(on_offer, seat, turn, count))]


def is_packed(seat: int) -> bool:
    """Every fourth shop wants its order packed."""
    return seat % _EVERY_PACKED == 0


def _picked(on_offer: Sequence[Offer], seat: int, turn: int, count: int) -> Iterator[Offer]:
    """Strides through the offers, so that shops differ and all farms are asked."""
    start, stride = seat * 7 + turn * 13, 11
    places = dict.fromkeys((start + step * stride) % len(on_offer) for step in range(count))
    return (on_offer[place] for place in places)


def _usual_line(offer: Offer, seat: int, place: int) -> Line:
    pack = (seat + place) % len(offer["packs"])
    chosen = sorted(offer["packs"], key=lambda each: each["size"])[pack]
    count = 1 + (seat + place) % 3 if chosen["grams"] >= _HEAVY_G else 4 + (seat * 3 + place * 5) % 9
    return line(offer, count, WISHES[(seat + place) % len(WISHES)], pack)
