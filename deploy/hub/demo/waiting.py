"""Waits for the hub to do its part: events take a moment from one service to the next."""

import time
from collections.abc import Callable, Iterable, Sequence

from deploy.hub.demo.client import Client
from shared.errors import RetryError

_PAUSE_S = 0.3
_OFFERS_S = 60
_ORDERS = "/orders/v1/orders"
_JOBS = "/logistics/v1/jobs"
_CONFIRMED = ("confirmed", "confirmed_in_part")


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


def until_answered(operator: Client, order_ids: Sequence[str], seconds: float) -> None:
    """Until none of these orders waits for producers. The last is asked first: asking for all costs the hub time."""
    wanted, last = set(order_ids), order_ids[-1:]

    def answered() -> bool:
        if any(operator.get(f"{_ORDERS}/{each}")["status"] == "placed" for each in last):
            return False
        return not any(each["id"] in wanted for each in operator.all(_ORDERS, status="placed"))

    until(answered, seconds, "Answering all orders")


def until_planned(operator: Client, order_ids: Iterable[str], seconds: float) -> None:
    """Until those of these orders that are confirmed have their work. Asks order by order: for a morning's few."""
    wanted = set(order_ids)

    def planned() -> bool:
        for each in [*wanted]:
            if not _is_planned(operator, each):
                return False
            wanted.discard(each)
        return True

    until(planned, seconds, "Planning the work of all orders")


def until_all_planned(operator: Client, order_ids: Sequence[str], seconds: float) -> None:
    """Until all confirmed orders of the hub have their work, thousands of them; the last of these is asked first."""
    last = order_ids[-1:]

    def planned() -> bool:
        if not all(_is_planned(operator, each) for each in last):
            return False
        orders = {each["id"] for status in _CONFIRMED for each in operator.all(_ORDERS, status=status)}
        return orders <= {each["order_id"] for each in operator.all(_JOBS, kind="deliver")}

    until(planned, seconds, "Planning the work of all orders")


def _is_planned(operator: Client, order_id: str) -> bool:
    order = operator.get(f"{_ORDERS}/{order_id}")
    return order["status"] not in _CONFIRMED or any(job["kind"] == "deliver" for job in order["jobs"])
