"""A whole hub in this process: the services' own code on a store and a bus in memory. Nothing of it is kept."""

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from wsgiref.types import WSGIApplication

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from deploy.hub.demo.client import Hub
from deploy.hub.ports import HOST, Need, require_free
from deploy.hub.web import Front
from services.logistics.main import SERVICE as LOGISTICS
from services.orders.main import SERVICE as ORDERS
from services.producers.main import SERVICE as PRODUCERS
from shared import log
from shared.bus.memory import MemoryBroker
from shared.config import Settings
from shared.hub import DEFAULT_HUB
from shared.ids import digest, new_secret
from shared.store.memory import MemoryStore
from shared.wiring import Parts, app_on, worker_on
from shared.worker import Worker

_SERVICES = (PRODUCERS, ORDERS, LOGISTICS)
_LOG_LEVEL = "ERROR"  # the terminal is for the demo's own words


@contextmanager
def one_process_hub(port: int) -> Iterator[Hub]:
    """A hub that serves on this port of loopback until the block ends. Raises PortTakenError."""
    require_free([Need(port=port, program="the web server", flag="--port")])
    log.configure("demo", _LOG_LEVEL)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    key, broker, stop = new_secret(), MemoryBroker(), Event()
    parts = {service.name: _parts(key) for service in _SERVICES}
    server = make_server(HOST, port, _apps(parts), threaded=True)
    with ThreadPoolExecutor(len(_SERVICES) + 1) as pool:
        pool.submit(server.serve_forever)
        for service in _SERVICES:
            subscription = broker.subscribe(service.group, service.consumes)
            worker = worker_on(service, parts[service.name], broker, subscription, subscription.close)
            pool.submit(_work, worker, stop)
        try:
            yield Hub(base_url=f"http://{HOST}:{port}", operator_key=key)
        finally:
            stop.set()
            server.shutdown()
            server.server_close()


def _apps(parts: Mapping[str, Parts]) -> WSGIApplication:
    """The services side by side, as in a hub of several processes."""
    apps: dict[str, WSGIApplication] = {f"/{one.name}": app_on(one, parts[one.name], Settings()) for one in _SERVICES}
    return DispatcherMiddleware(Front(apps), apps)


def _parts(key: str) -> Parts:
    return Parts(store=MemoryStore(), hub=DEFAULT_HUB, operator_digest=digest(key))


def _work(worker: Worker, stop: Event) -> None:
    worker.run(stop)
