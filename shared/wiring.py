"""What every service's `main.py` does alike: make the store, the ledger, the app and the worker from settings."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_smorest import Blueprint

from shared import clock, log
from shared.accounts.api import Parties, account_kind, accounts_blueprint
from shared.accounts.keys import authenticator
from shared.bus.kafka import KafkaPublisher, KafkaSubscription
from shared.bus.port import Publisher, Subscription
from shared.config import Settings
from shared.consumer import Consumer, Handlers
from shared.events.base import Event
from shared.http.app import Edge, build_app
from shared.http.doors import METRICS, OPERATOR
from shared.http.limits import Gate
from shared.hub import Hub, read_hub
from shared.relay import Relay
from shared.store.aggregate import Kind, Ledger
from shared.store.mongo import MongoStore, connect
from shared.store.port import Store
from shared.worker import Due, DueWork, Worker


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A read copy: one document for each of somebody else's, made of nothing but the events of one topic."""

    kind: Kind[Any]
    topic: str


@dataclass(frozen=True, kw_only=True)
class Retelling:
    """How the owner of a topic tells again what it last told of each of its documents, to who lost their copy."""

    kind: Kind[Any]
    tell: Callable[[Any], Sequence[Event]]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service, before it meets a database or a broker.

    `kinds` are all its aggregates (accounts aside), `telling` those that raise events; `consumes` its topics. `copies`
    are those of its kinds that can be thrown away; `retelling` is by topic.
    """

    name: str
    title: str
    parties: Parties
    kinds: Sequence[Kind[Any]]
    telling: Sequence[Kind[Any]]
    consumes: Sequence[str]
    blueprints: Callable[[Ledger, Hub], Sequence[Blueprint]]
    handlers: Callable[[Ledger, Hub], Handlers]
    dues: Callable[[Hub], Sequence[Due]]
    copies: Sequence[Copy] = ()
    retelling: Mapping[str, Retelling] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """Its consumer group."""
        return f"schakel-{self.name}"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a service runs on; in memory for the simulator, real elsewhere. `tick` tells seconds, for the limits."""

    store: Store
    hub: Hub
    operator_digest: str = ""
    metrics_digest: str = ""
    now: Callable[[], str] = clock.now
    tick: Callable[[], float] = time.monotonic


def real_parts(service: Service, settings: Settings) -> Parts:
    """The service's own database. Make it in the process that uses it."""
    store = MongoStore(connect(settings.mongodb_uri), f"{settings.database_prefix}_{service.name}")
    return Parts(
        store=store,
        hub=read_hub(settings.hub_file),
        operator_digest=settings.operator_key_sha256,
        metrics_digest=settings.metrics_key_sha256,
    )


def app_on(service: Service, parts: Parts, settings: Settings) -> Flask:
    """The service's HTTP app."""
    ledger = Ledger(parts.store, service.name, parts.now)
    kind = account_kind(service.parties.noun)
    hub_keys = {OPERATOR: parts.operator_digest, METRICS: parts.metrics_digest}
    return build_app(
        Edge(
            name=service.name,
            title=service.title,
            blueprints=[
                accounts_blueprint(service.parties, ledger, parts.now),
                *service.blueprints(ledger, parts.hub),
            ],
            authenticate=authenticator(ledger, kind, service.parties.role, hub_keys),
            ready=parts.store.ping,
            gate=Gate(settings.limits, parts.tick),
            metrics_dir=settings.metrics_dir,
            trusted_proxies=settings.trusted_proxies,
        )
    )


def worker_on(
    service: Service, parts: Parts, publisher: Publisher, subscription: Subscription, close: Callable[[], None]
) -> Worker:
    """The service's worker."""
    ensure_store(service, parts.store)
    ledger = Ledger(parts.store, service.name, parts.now)
    return Worker(
        consumer=Consumer(
            subscription=subscription,
            publisher=publisher,
            ledger=ledger,
            handlers=service.handlers(ledger, parts.hub),
            now=parts.now,
        ),
        relay=Relay(parts.store, publisher, [kind.collection for kind in service.telling]),
        due=DueWork(ledger, service.dues(parts.hub), parts.now),
        close=close,
    )


def ensure_store(service: Service, store: Store) -> None:
    """Makes the collections and indexes ready; repeating it is harmless."""
    for kind in (*service.kinds, account_kind(service.parties.noun)):
        store.ensure(kind.collection, kind.indexes)


def real_app(service: Service, settings: Settings) -> Flask:
    """The app on its real database."""
    log.configure(service.name, settings.log_level)
    return app_on(service, real_parts(service, settings), settings)


def real_worker(service: Service, settings: Settings) -> Worker:
    """The worker on its real database and broker. Raises RetryError while one of them is not there."""
    log.configure(service.name, settings.log_level)
    parts = real_parts(service, settings)
    parts.store.ping()
    publisher = KafkaPublisher(settings.kafka)
    instance = f"{service.group}-{settings.instance}" if settings.instance else ""
    subscription = KafkaSubscription(settings.kafka, service.group, service.consumes, instance)

    def close() -> None:
        subscription.close()
        publisher.close()

    return worker_on(service, parts, publisher, subscription, close)
