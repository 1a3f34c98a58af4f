"""A whole hub in memory for tests: three apps, three workers, one broker, and a clock that stands still.

`tests/setups.py` has what tests start from: parties, lots, orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from services.logistics.main import SERVICE as LOGISTICS
from services.orders.main import SERVICE as ORDERS
from services.producers.main import SERVICE as PRODUCERS
from shared import clock, ids
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel, Record
from shared.config import Settings
from shared.events.base import Event
from shared.events.envelope import seal
from shared.http.limits import Limits
from shared.hub import DEFAULT_HUB, Hub
from shared.store.memory import MemoryStore
from shared.store.port import Document, Outgoing
from shared.wiring import Parts, Service, app_on, worker_on
from shared.worker import Worker

SERVICES: dict[str, Service] = {each.name: each for each in (PRODUCERS, ORDERS, LOGISTICS)}
OPERATOR_KEY = "operator-key"
MONDAY = "2030-01-07T08:00:00.000Z"
UNLIMITED = Settings(limits=Limits())

NOUNS = {"producers": "producers", "orders": "buyers", "logistics": "enterprises"}
_AT_REST = 51  # a worker looks at what is due once in fifty rounds
_MOST_ROUNDS = 20_000

Snapshot = Mapping[str, tuple[Mapping[str, Mapping[str, Document]], Mapping[str, Mapping[str, Sequence[Outgoing]]]]]


@dataclass
class Chain:
    """The hub. `now` is the time that all of it reads; `stores` may bring fakes, by service.

    Unless its `settings` say so, it limits nobody.
    """

    now: str = MONDAY
    hub: Hub = DEFAULT_HUB
    stores: dict[str, MemoryStore] = field(default_factory=dict)
    broker: MemoryBroker = field(default_factory=MemoryBroker)
    settings: Settings = UNLIMITED

    def __post_init__(self) -> None:
        self.stores = {name: self.stores.get(name) or MemoryStore() for name in SERVICES}
        self.apps: dict[str, Flask] = {name: self._app(service) for name, service in SERVICES.items()}
        self.workers: dict[str, Worker] = {name: self._worker(service) for name, service in SERVICES.items()}
        self.operators = {name: Party(chain=self, service=name, id="operator", key=OPERATOR_KEY) for name in SERVICES}
        self.numbers = count(1)

    def read(self) -> str:
        """The time, as the services ask it."""
        return self.now

    def tick(self) -> float:
        """The same in seconds, for limits."""
        return clock.to_datetime(self.now).timestamp()

    def pass_time(self, *, seconds: float) -> None:
        """Turns the clock on, and lets everybody act on what has fallen due."""
        self.now = clock.plus(self.now, seconds=seconds)
        self.settle()

    def settle(self) -> None:
        """Turns all workers until none has anything left to do."""
        idle = 0
        for _ in range(_MOST_ROUNDS):
            done = sum(worker.turn() for worker in self.workers.values())
            idle = 0 if done else idle + 1
            if idle >= _AT_REST:
                return
        raise AssertionError("The workers do not come to rest.")

    def tell(self, event: Event, event_id: str | None = None) -> None:
        """Publishes an event as its own service would, and settles."""
        id_ = event_id or f"told/{next(self.numbers)}/1/0"
        sealed = seal(event, event_id=id_, service=event.service, now=self.now, traceparent="")
        self.publish(sealed.topic, sealed.key, sealed.body.encode())

    def publish(self, topic: str, key: str, value: bytes) -> None:
        """Puts one record on a topic, whatever it is, and settles."""
        self.broker.publish([Parcel(topic=topic, key=key, value=value)])
        self.settle()

    def records(self, topic: str) -> list[Record]:
        """What lies on a topic, partition by partition."""
        return [record for (name, _), log in sorted(self.broker.logs.items()) if name == topic for record in log]

    def dead(self) -> list[Record]:
        """All dead letters."""
        return [record for (name, _), log in self.broker.logs.items() if name.endswith(".dlq") for record in log]

    def snapshot(self) -> Snapshot:
        """All documents and outboxes, to compare with, or to `restore`."""
        return {
            name: (_two_deep(store._documents), _three_deep(store._outboxes)) for name, store in self.stores.items()
        }

    def restore(self, snapshot: Snapshot) -> None:
        """Makes all documents and outboxes what they were, and empties the bus."""
        for name, (documents, outboxes) in snapshot.items():
            self.stores[name]._documents = _two_deep(documents)
            self.stores[name]._outboxes = _three_deep(outboxes)
        self.broker.logs.clear()
        self.broker.committed.clear()
        for service in SERVICES.values():
            for member in self.broker._members[service.group]:
                member.replay()

    def _app(self, service: Service) -> Flask:
        return app_on(service, self._parts(service), self.settings)

    def _worker(self, service: Service) -> Worker:
        subscription = self.broker.subscribe(service.group, service.consumes)
        return worker_on(service, self._parts(service), self.broker, subscription, subscription.close)

    def _parts(self, service: Service) -> Parts:
        return Parts(
            store=self.stores[service.name],
            hub=self.hub,
            operator_digest=ids.digest(OPERATOR_KEY),
            now=self.read,
            tick=self.tick,
        )


@dataclass(frozen=True, kw_only=True)
class Party:
    """Somebody with a key to one service (or none, where it is empty)."""

    chain: Chain
    service: str
    id: str
    key: str

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        """Any request, with this party's key; `options` are those of werkzeug's test client."""
        own = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers = {**own, **options.pop("headers", {})}
        client = self.chain.apps[self.service].test_client()
        return client.open(path, method=method, headers=headers, buffered=True, **options)

    def get(self, path: str, **query: Any) -> TestResponse:
        """A GET with these query parameters."""
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, **headers: str) -> TestResponse:
        """A POST of JSON; `Idempotency_Key="…"` is a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, json={} if body is None else body, headers=named)

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        """A PATCH of JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("PATCH", path, json=body, headers=named)

    @property
    def operator(self) -> "Party":
        """The operator, at the same service."""
        return self.chain.operators[self.service]

    @property
    def account(self) -> str:
        """The address of its account."""
        return f"/v1/{NOUNS[self.service]}/{self.id}"


def ok(response: TestResponse) -> Any:
    """The body of a success."""
    assert response.status_code in {200, 201}, response.text
    return response.json


def refused(response: TestResponse, status: int, code: str, field: str | None = None) -> None:
    """Asserts that this is the refusal, as a problem document with a sentence."""
    problem = response.json or {}
    assert response.mimetype == "application/problem+json", response.text
    assert (response.status_code, problem["code"], problem.get("field")) == (status, code, field), response.text
    assert (problem["status"], problem["type"]) == (status, f"urn:schakel:problem:{code}")
    assert " " in problem["detail"]


def _two_deep(documents: Mapping[str, Mapping[str, Document]]) -> dict[str, dict[str, Document]]:
    return {collection: dict(those) for collection, those in documents.items()}


def _three_deep(outboxes: Mapping[str, Mapping[str, Sequence[Outgoing]]]) -> dict[str, dict[str, list[Outgoing]]]:
    return {name: {key: list(events) for key, events in those.items() if events} for name, those in outboxes.items()}
