"""Makes every topic that is missing, with its partitions and retention, and ends: `python -m deploy.topics`.

Topics that exist stay as they are. Exit code 1, with a sentence, where Kafka does not answer within two minutes.
"""

import sys
import time

from shared import log
from shared.bus.topics import all_topics, ensure_topics
from shared.config import Settings, read_settings
from shared.errors import BusUnavailableError

_PATIENCE_S = 120.0
_PAUSE_S = 2.0


def ensure(settings: Settings, patience_s: float = _PATIENCE_S) -> list[str]:
    """Names of the topics made. Raises BusUnavailableError where the broker stays away that many seconds."""
    deadline = time.monotonic() + patience_s
    specs = all_topics(settings.topic_partitions)
    while True:
        try:
            return ensure_topics(settings.kafka_bootstrap, specs)
        except BusUnavailableError as error:
            if time.monotonic() > deadline:
                raise
            log.logger().warning("waiting", reason=str(error)[:500], seconds=_PAUSE_S)
            time.sleep(_PAUSE_S)


def main() -> None:
    """The entry point."""
    settings = read_settings()
    log.configure("topics", settings.log_level)
    try:
        made = ensure(settings)
    except BusUnavailableError as error:
        sys.exit(f"The topics could not be made: {error}")
    log.logger().info("topics_ready", made=made)


if __name__ == "__main__":
    main()
