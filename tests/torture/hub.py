"""A whole hub, as `schakel up` starts it, on free ports and in a folder of its own; and whether it serves, or rests."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.hub import Tell, running_hub
from deploy.hub.control import Supervisor
from deploy.hub.plan import Plan
from deploy.hub.status import look
from deploy.hub.trouble import NotRunningError
from shared.bus.topics import DEAD_LETTERS, counts
from shared.errors import BusUnavailableError
from shared.events.catalogue import TOPICS


@dataclass(frozen=True, kw_only=True)
class TortureHub:
    """A hub of one's own, and the key of its operator."""

    plan: Plan
    operator_key: str

    @property
    def supervisor(self) -> Supervisor:
        """Who starts its programs again."""
        return Supervisor(self.plan.layout.socket)

    def serves(self) -> bool:
        """Whether all programs run, and the web server and what it needs are ready."""
        try:
            running = all(state.state == "RUNNING" for state in self.supervisor.states())
        except NotRunningError:
            return False
        return running and self.web_is_ready()

    def web_is_ready(self) -> bool:
        """Whether the web server says that it can do its work."""
        try:
            return httpx.get(f"{self.plan.address}/readyz", timeout=5).is_success
        except httpx.HTTPError:
            return False

    def rests(self) -> bool:
        """Whether all that was written is told, and all that was told is read."""
        seen = look(self.plan)
        if seen.trouble or seen.lag is None or seen.unpublished is None:
            return False
        behind = any(count for by_topic in seen.lag.values() for count in by_topic.values())
        return not behind and not any(seen.unpublished.values())

    def dead_letters(self) -> int:
        """How many messages no service could read."""
        try:
            return sum(counts(self.plan.bus, [topic + DEAD_LETTERS for topic in TOPICS]).values())
        except BusUnavailableError:
            return -1

    def log_of(self, program: str) -> str:
        """What a program has said of late."""
        file = self.plan.layout.log / f"{program}.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


@contextmanager
def torture_hub(folder: Path, tell: Tell) -> Iterator[TortureHub]:
    """A hub that serves, and is stopped with the block."""
    with running_hub(folder, tell) as hub:
        yield TortureHub(plan=hub.plan, operator_key=hub.operator_key)
