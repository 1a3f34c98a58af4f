"""What every service's `main.py` does alike: make the store, the ledger, the app and the worker from settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from shared.http.app import Edge, build_app
from shared.hub import Hub, read_hub
from shared.relay import Relay
from shared.store.aggregate import Kind, Ledger
from shared.store.mongo import MongoStore, connect
from shared.store.port import Store
from shared.worker import Due, DueWork, Worker


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service, before it meets a database or a broker.

    `kinds` are all its aggregates (accounts aside), `telling` those that raise events; `consumes` its topics.
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

    @property
    def group(self) -> str:
        """Its consumer group."""
        return f"schakel-{self.name}"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a service runs on; in memory for the simulator, real elsewhere."""

    store: Store
    hub: Hub
    operator_digest: str = ""
    now: Callable[[], str] = clock.now


def real_parts(service: Service, settings: Settings) -> Parts:
    """The service's own database. Make it in the process that uses it."""
    store = MongoStore(connect(settings.mongodb_uri), f"{settings.database_prefix}_{service.name}")
    return Parts(store=store, hub=read_hub(settings.hub_file), operator_digest=settings.operator_key_sha256)


def app_on(service: Service, parts: Parts, settings: Settings) -> Flask:
    """The service's HTTP app."""
    ledger = Ledger(parts.store, service.name, parts.now)
    kind = account_kind(service.parties.noun)
    return build_app(
        Edge(
            name=service.name,
            title=service.title,
            blueprints=[
                accounts_blueprint(service.parties, ledger, parts.now),
                *service.blueprints(ledger, parts.hub),
            ],
            authenticate=authenticator(ledger, kind, service.parties.role, parts.operator_digest),
            ready=parts.store.ping,
            metrics_dir=settings.metrics_dir,
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
    publisher = KafkaPublisher(settings.kafka_bootstrap)
    instance = f"{service.group}-{settings.instance}" if settings.instance else ""
    subscription = KafkaSubscription(settings.kafka_bootstrap, service.group, service.consumes, instance)

    def close() -> None:
        subscription.close()
        publisher.close()

    return worker_on(service, parts, publisher, subscription, close)
