"""The database of a hub on one machine: SecantusDB as a process of its own, spoken to as if it were MongoDB."""

import sys
import time
from pathlib import Path

from deploy.hub.ports import HOST
from deploy.hub.trouble import StartError
from shared.config import read_settings
from shared.errors import StoreUnavailableError
from shared.store.mongo import MongoStore, connect

# Uncommitted writes must fit well below the cache's limit for changed pages, or writers wait for each other for ever:
# see `INSERTS_AT_ONCE` in shared/store/mongo.py.
CACHE = "64M"
# Acknowledged means journalled; and no retry records, which the server would scan at every write.
OPTIONS = "journal=true&retryWrites=false&w=majority"

# Its many threads would each keep freed memory for themselves.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1"}


def uri(port: int) -> str:
    """Where clients find it, with what keeps it safe and fast."""
    return f"mongodb://{HOST}:{port}/?{OPTIONS}"


def argv(port: int, data: Path, config: Path) -> list[str]:
    """What starts it. `config` is an empty file: naming one keeps it from reading others on this machine."""
    daemon = Path(sys.executable).with_name("secantusd-py")
    return [
        str(daemon),
        *("--config", str(config)),
        *("--host", HOST),
        *("--port", str(port)),
        *("--storage-path", str(data)),
        *("--cache-size", CACHE),
        *("--log-level", "WARNING"),
        # No replica and no change stream reads an oplog here: keeping none saves half of each write, and the disk.
        "--standalone",
    ]


def answers(where: str, *, timeout_ms: int = 500) -> bool:
    """Whether a database answers a read there now."""
    store = MongoStore(connect(where, timeout_ms=timeout_ms), f"{read_settings().database_prefix}_orders")
    try:
        store.ping()
    except StoreUnavailableError:
        return False
    finally:
        store.close()
    return True


def wait(where: str, seconds: float) -> None:
    """Returns once it answers. Raises StartError after so many seconds."""
    deadline = time.monotonic() + seconds
    while not answers(where):
        if time.monotonic() > deadline:
            message = f"The database did not answer within {seconds:.0f} seconds. Its log says why."
            raise StartError(message)
