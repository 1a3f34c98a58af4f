"""Posts orders over HTTP, as fast as they are taken or at a steady rate, by as light a client as Python has."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.people import Asked
from deploy.hub.ports import HOST

_CREATED = 201
ORDERS_PATH = "/orders/v1/orders"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where to post."""

    port: int
    path: str


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What was posted: from when on (seconds since 1970), in how many seconds, the ids, and how long each took."""

    since: float
    seconds: float
    ids: tuple[str, ...]
    each_ms: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Orders a second."""
        return len(self.ids) / self.seconds


def post_all(target: Target, orders: Sequence[Asked], connections: int) -> Posted:
    """All of them, over so many connections at once, each sending the next as soon as the last is answered."""
    slices = [orders[start::connections] for start in range(connections)]
    since, started = time.time(), time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        answers = list(pool.map(lambda mine: _post_slice(target, mine, 0.0), slices))
    return _posted(since, time.perf_counter() - started, answers)


def post_steadily(target: Target, orders: Sequence[Asked], rate: float) -> Posted:
    """One after the other, so many a second."""
    since, started = time.time(), time.perf_counter()
    answers = [_post_slice(target, orders, 1 / rate)]
    return _posted(since, time.perf_counter() - started, answers)


Answer = tuple[str, float]


def _post_slice(target: Target, orders: Sequence[Asked], interval: float) -> list[Answer]:
    connection = http.client.HTTPConnection(HOST, target.port, timeout=60)
    answers, start = [], time.perf_counter()
    try:
        for number, order in enumerate(orders):
            # The pace of the stream: each order has its moment, whatever the one before took.
            time.sleep(max(0.0, start + number * interval - time.perf_counter()))
            answers.append(_post(connection, target.path, order))
    finally:
        connection.close()
    return answers


def _post(connection: http.client.HTTPConnection, path: str, order: Asked) -> Answer:
    started = time.perf_counter()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {order.key}"}
    connection.request("POST", path, body=order.body, headers=headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != _CREATED:
        message = f"POST {path} was answered {answer.status}: {text[:500]!r}"
        raise RuntimeError(message)
    return json.loads(text)["id"], (time.perf_counter() - started) * 1_000


def _posted(since: float, seconds: float, answers: Sequence[list[Answer]]) -> Posted:
    flat = [each for mine in answers for each in mine]
    return Posted(since=since, seconds=seconds, ids=tuple(id_ for id_, _ in flat), each_ms=tuple(ms for _, ms in flat))
