"""What a person who looks after a hub wants to see at one glance, read from the parts themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import psutil

from deploy.hub.control import ProgramState, Supervisor
from deploy.hub.dead import letters
from deploy.hub.plan import Plan
from deploy.hub.room import shortage
from services.logistics.main import SERVICE as LOGISTICS
from services.orders.domain.order import OPEN, Order
from services.orders.domain.waiting import waits_for
from services.orders.main import SERVICE as ORDERS
from services.producers.main import SERVICE as PRODUCERS
from shared.bus.brokers import Brokers
from shared.bus.topics import DEAD_LETTERS, counts, lags
from shared.config import read_settings
from shared.errors import BusUnavailableError, StoreUnavailableError
from shared.events.catalogue import TOPICS
from shared.store.mongo import MongoStore, connect

_SERVICES = (PRODUCERS, ORDERS, LOGISTICS)
_MOST_ORDERS = 500
_MOST_DOCUMENTS = 500


@dataclass(frozen=True, kw_only=True)
class Running:
    """One program; `since` is seconds since 1970, `memory` bytes, its children's included."""

    name: str
    state: str
    pid: int
    since: int
    memory: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An order that waits: for whom (a stable word), for what (a sentence), since when (an instant)."""

    order_id: str
    buyer: str
    whom: str
    what: str
    since: str


@dataclass(frozen=True, kw_only=True)
class Status:
    """All of it. What could not be asked is None, and `trouble` says why.

    `lag` counts the records each group has yet to read of each topic, `dead` the dead letters of each topic that were
    not sent back; `unpublished` has the instant of each service's
    oldest event that is not on the bus yet, None where all are; `open_orders` counts, `waiting` has the oldest.
    """

    address: str
    programs: Sequence[Running]
    lag: dict[str, dict[str, int]] | None
    dead: dict[str, int] | None
    unpublished: dict[str, str | None] | None
    open_orders: int | None
    waiting: Sequence[Waiting]
    trouble: Sequence[str]


def look(plan: Plan) -> Status:
    """Asks the supervisor, the broker and the database. Raises NotRunningError where no hub runs."""
    programs = [_running(state) for state in Supervisor(plan.layout.socket).states()]
    trouble = [short] if (short := shortage(plan.layout)) else []
    lag, dead = _bus(plan.bus, trouble)
    unpublished, open_orders, waiting = _store(plan.database_uri, trouble)
    return Status(
        address=plan.address,
        programs=programs,
        lag=lag,
        dead=dead,
        unpublished=unpublished,
        open_orders=open_orders,
        waiting=waiting,
        trouble=trouble,
    )


def _running(state: ProgramState) -> Running:
    return Running(name=state.name, state=state.state, pid=state.pid, since=state.since, memory=memory_of(state.pid))


def memory_of(pid: int) -> int:
    """Resident bytes of a process and its children; 0 where it does not run."""
    if not pid:
        return 0
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in family)
    except psutil.Error:
        return 0


def _bus(brokers: Brokers, trouble: list[str]) -> tuple[dict[str, dict[str, int]] | None, dict[str, int] | None]:
    try:
        groups = [service.group for service in _SERVICES]
        lying = counts(brokers, [topic + DEAD_LETTERS for topic in TOPICS])
        topics = [topic for topic in TOPICS if lying.get(topic + DEAD_LETTERS)]
        dead = {topic: sum(not each.replayed for each in letters(brokers, topic)) for topic in topics}
        return lags(brokers, groups), dead
    except BusUnavailableError as error:
        trouble.append(str(error))
        return None, None


_Store = tuple[dict[str, str | None] | None, int | None, Sequence[Waiting]]


def _store(uri: str, trouble: list[str]) -> _Store:
    prefix = read_settings().database_prefix
    client = connect(uri, timeout_ms=2_000)
    try:
        stores = {service.name: MongoStore(client, f"{prefix}_{service.name}") for service in _SERVICES}
        telling = {service.name: [kind.collection for kind in service.telling] for service in _SERVICES}
        unpublished = {name: _oldest(store, telling[name]) for name, store in stores.items()}
        where = {"state.status": {"$in": list(OPEN)}}
        orders = stores["orders"].find("orders", where, sort="state.placed_at", limit=_MOST_ORDERS)
        found = [msgspec.convert(document.state, Order) for document in orders]
        return unpublished, stores["orders"].count("orders", where), _waiting(found)
    except StoreUnavailableError as error:
        trouble.append(str(error))
        return None, None, ()
    finally:
        client.close()


def _oldest(store: MongoStore, collections: Iterable[str]) -> str | None:
    pending = [each for collection in collections for each in store.pending(collection, _MOST_DOCUMENTS)]
    return min((outgoing.at for each in pending for outgoing in each.outgoing), default=None)


def _waiting(orders: Iterable[Order]) -> list[Waiting]:
    pairs = [(order, waits_for(order)) for order in orders]
    return [
        Waiting(order_id=order.id, buyer=order.buyer_name, whom=wait.whom, what=wait.what, since=wait.since)
        for order, wait in pairs
        if wait is not None
    ]
