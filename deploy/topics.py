"""Makes every topic that is missing, with its partitions and retention, and ends: `python -m deploy.topics [--rights]`.

Topics that exist stay as they are. With `--rights`, at a broker that asks who one is, each service's user (of the
service's name) may from then on read and write what the service reads and tells, and nothing else. Exit code 1, with
a sentence, where Kafka does not answer within two minutes.
"""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

from shared import log
from shared.bus.topics import DEAD_LETTERS, all_topics, ensure_topics
from shared.bus.topics.rights import Rights, grant
from shared.config import Settings, read_settings
from shared.errors import BusUnavailableError, SettingsError
from shared.events.catalogue import EVENTS
from shared.wiring import Service

T = TypeVar("T")

SERVICES = ("producers", "orders", "logistics")
_PATIENCE_S = 120.0
_PAUSE_S = 2.0


def ensure(settings: Settings, patience_s: float = _PATIENCE_S) -> list[str]:
    """Names of the topics made. Raises BusUnavailableError where the broker stays away that many seconds."""
    specs = all_topics(settings.topic_partitions)
    return _insist(lambda: ensure_topics(settings.kafka, specs), patience_s)


def rights_of(service: Service) -> Rights:
    """What a service does on the bus: it reads what it consumes, and writes what it tells and cannot read."""
    told = dict.fromkeys(event.topic for event in EVENTS if event.service == service.name)
    dead = [topic + DEAD_LETTERS for topic in service.consumes]
    return Rights(user=service.name, group=service.group, reads=tuple(service.consumes), writes=(*told, *dead))


def give_rights(settings: Settings) -> None:
    """To every service's user. Raises BusUnavailableError."""
    for name in SERVICES:
        service: Service = import_module(f"services.{name}.main").SERVICE
        grant(settings.kafka, rights_of(service))


def _insist(act: Callable[[], T], patience_s: float) -> T:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return act()
        except BusUnavailableError as error:
            if time.monotonic() > deadline:
                raise
            log.logger().warning("waiting", reason=str(error)[:500], seconds=_PAUSE_S)
            time.sleep(_PAUSE_S)


def main(arguments: list[str]) -> str | None:
    """A sentence where it could not be done."""
    try:
        settings = read_settings()
        log.configure("topics", settings.log_level)
        made = ensure(settings)
        if "--rights" in arguments:
            give_rights(settings)
    except SettingsError as error:
        return str(error)
    except BusUnavailableError as error:
        return f"The topics could not be made: {error}"
    log.logger().info("topics_ready", made=made)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
