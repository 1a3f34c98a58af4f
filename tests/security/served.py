"""The orders service in memory, for a real gunicorn: `create_app` is what it is told to serve."""

from flask import Flask

from services.orders.main import SERVICE
from shared import ids, log
from shared.config import read_settings
from shared.hub import DEFAULT_HUB
from shared.store.memory import MemoryStore
from shared.wiring import Parts, app_on

OPERATOR_KEY = "the-operators-key-of-this-test"


def create_app() -> Flask:
    """Logs as in production."""
    log.configure("orders")
    parts = Parts(store=MemoryStore(), hub=DEFAULT_HUB, operator_digest=ids.digest(OPERATOR_KEY))
    return app_on(SERVICE, parts, read_settings())
