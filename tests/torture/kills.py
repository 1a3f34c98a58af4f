"""Who is killed, and when: chosen by chance from one seed, among the programs of one's own hub alone."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from benchmarks.hub import wait_until
from deploy.hub import supervise
from deploy.hub.programs import DATABASE, KAFKA, KEEPER, WEB, WORKERS
from tests.torture.hub import TortureHub

# One process of the web server, beside the whole of it.
WEB_PROCESS = "web process"
# All at once, the supervisor too: then nobody starts anything again, and `schakel up` must find its way.
EVERYTHING = "everything"
VICTIMS = (WEB, WEB_PROCESS, *WORKERS, KAFKA, DATABASE, KEEPER, EVERYTHING)
_WEIGHTS = (8, 8, *(4 for _ in WORKERS), 10, 16, 2, 1)
_RECOVERS_S = 180.0
_GONE_S = 5.0
_TWO_AT_ONCE, _POLITELY, _WAIT_FIRST = 0.2, 0.08, 0.4


@dataclass(kw_only=True)
class Killer:
    """Kills until so many have died; `tell` gets a line now and then, `alive` raises where the load has stumbled."""

    hub: TortureHub
    chance: random.Random
    tell: Callable[[str], None]
    alive: Callable[[], None]
    killed: Counter[str] = field(default_factory=Counter)
    restarted: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0

    def kill(self, count: int) -> None:
        """Returns when so many processes were killed, and the hub serves again."""
        began, told = time.monotonic(), 0
        while self.killed.total() < count:
            self.alive()
            self._strike()
            self._pause()
            if self.killed.total() - told >= max(10, count // 20):
                told = self.killed.total()
                self.tell(f"  {told} of {count} killed after {time.monotonic() - began:.0f} s")
        self._await_service()

    def _strike(self) -> None:
        if self.chance.random() < _POLITELY:
            self._restart(self.chance.choice((WEB, *WORKERS)))
            return
        for _ in range(2 if self.chance.random() < _TWO_AT_ONCE else 1):
            self._kill(self.chance.choices(VICTIMS, _WEIGHTS)[0])

    def _restart(self, program: str) -> None:
        self.hub.supervisor.stop([program])
        self.hub.supervisor.start(program)
        self.restarted[program] += 1

    def _kill(self, victim: str) -> None:
        """Nothing where it is dead already: it is being started again."""
        try:
            found = self._find(victim)
        except psutil.NoSuchProcess:
            return
        killed = [_killed(process) for process in found]
        self.killed[victim] += any(killed)
        if victim == EVERYTHING:
            psutil.wait_procs(found, timeout=_GONE_S)
            supervise.start(self.hub.plan, self.tell, lambda _done, _of, _name: None)

    def _find(self, victim: str) -> list[psutil.Process]:
        supervisor = self.hub.supervisor
        if victim == EVERYTHING:
            parent = psutil.Process(supervisor.pid())
            return [parent, *parent.children(recursive=True)]
        name = WEB if victim == WEB_PROCESS else victim
        pid = next(state.pid for state in supervisor.states() if state.name == name)
        if victim != WEB_PROCESS:
            return [psutil.Process(pid)] if pid else []
        children = psutil.Process(pid).children() if pid else []
        return [self.chance.choice(children)] if children else []

    def _pause(self) -> None:
        """Often until all is well again; else only a moment, so that recovery is killed too."""
        if self.chance.random() < _WAIT_FIRST:
            self._await_service()
        time.sleep(self.chance.uniform(0.1, 1.2))  # by chance: whatever is going on then is hit

    def _await_service(self) -> None:
        began = time.monotonic()
        wait_until(self.hub.serves, "the hub serves again", seconds=_RECOVERS_S)
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)


def _killed(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True
