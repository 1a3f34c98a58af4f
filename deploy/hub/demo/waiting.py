"""Waits for the hub to do its part: events take a moment from one service to the next."""

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from deploy.hub.demo.client import Client
from shared.errors import RetryError

_PAUSE_S = 0.3
_OFFERS_S = 60
_ORDERS = "/orders/v1/orders"
_CONFIRMED = ("confirmed", "confirmed_in_part")

Tick = Callable[[str], None]


class NotInTimeError(RetryError):
    """The hub did not do its part in the time it usually takes."""


def until(done: Callable[[], bool], seconds: float, what: str) -> None:
    """Asks again and again. Raises NotInTimeError where it is not done in so many seconds."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            message = f"{what} was not done within {seconds:.0f} seconds. The logs of the workers say why."
            raise NotInTimeError(message)
        time.sleep(_PAUSE_S)


def until_offered(shop: Client, lot_ids: Iterable[str]) -> None:
    """Until the catalogue of the orders service shows all these lots."""
    wanted = set(lot_ids)

    def shown() -> bool:
        return wanted <= {each["lot_id"] for each in shop.all("/orders/v1/offers", sold_out="true")}

    until(shown, _OFFERS_S, "Showing all lots to the shops")


def until_answered(operator: Client, order_ids: Iterable[str], seconds: float, tick: Tick) -> None:
    """Until none of these orders waits for producers; `tick` is called for each."""
    until(_each_is(_is_answered, operator, order_ids, tick), seconds, "Answering all orders")


def until_planned(operator: Client, order_ids: Iterable[str], seconds: float, tick: Tick) -> None:
    """Until those of these orders that are confirmed have their work; `tick` is called for each."""
    until(_each_is(_is_planned, operator, order_ids, tick), seconds, "Planning the work of all orders")


def _each_is(fine: Callable[[Any], bool], operator: Client, order_ids: Iterable[str], tick: Tick) -> Callable[[], bool]:
    """Asks order by order, in turn, and each that is fine no more: while all wait, that costs the hub one question."""
    waiting = deque(order_ids)

    def done() -> bool:
        while waiting and fine(order := operator.get(f"{_ORDERS}/{waiting[0]}")):
            waiting.popleft()
            tick(order["buyer_name"])
        return not waiting

    return done


def _is_answered(order: Any) -> bool:  # noqa: ANN401  # a JSON document
    return bool(order["status"] != "placed")


def _is_planned(order: Any) -> bool:  # noqa: ANN401  # a JSON document
    return order["status"] not in _CONFIRMED or any(job["kind"] == "deliver" for job in order["jobs"])
