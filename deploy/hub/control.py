"""Speaks to the supervisor of a running hub, through its socket."""

import http.client
import time
import xmlrpc.client  # nosec B411  # our own supervisor answers, through a socket that is its owner's alone
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.hub.trouble import NotRunningError

State = Literal["STOPPED", "STARTING", "RUNNING", "BACKOFF", "STOPPING", "EXITED", "FATAL", "UNKNOWN"]
_GONE = (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError)
# The supervisor's own flag: a call does not wait until the program has started or stopped.
_AT_ONCE = False
_LOOK_EVERY_S = 0.05
_FINE = (Faults.ALREADY_STARTED, Faults.NOT_RUNNING, Faults.SHUTDOWN_STATE)


@dataclass(frozen=True, kw_only=True)
class ProgramState:
    """What the supervisor knows of one program; `pid` is 0 where it does not run, `since` seconds since 1970."""

    name: str
    state: State
    pid: int
    since: int
    log: Path


class Supervisor:
    """One hub's supervisor. All calls raise NotRunningError where it does not answer."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def _call(self, method: str, *arguments: object) -> Any:  # noqa: ANN401  # XML-RPC has no types
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        try:
            return getattr(server, f"supervisor.{method}")(*arguments)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode in _FINE:
                return None
            raise
        except _GONE as error:
            message = "No hub runs here. Start one with `schakel up`."
            raise NotRunningError(message) from error
        finally:
            transport.close()

    def pid(self) -> int:
        """The supervisor's own process."""
        return cast("int", self._call("getPID"))

    def states(self) -> list[ProgramState]:
        """Every program, in the order of its file."""
        return [
            ProgramState(
                name=raw["name"],
                state=raw["statename"],
                pid=raw["pid"],
                since=raw["start"],
                log=Path(raw["stdout_logfile"]),
            )
            for raw in self._call("getAllProcessInfo") or []
        ]

    def start(self, name: str) -> None:
        """Starts a program and returns at once."""
        self._call("startProcess", name, _AT_ONCE)

    def stop(self, names: Iterable[str]) -> None:
        """Stops programs together and returns when all have ended; killed where one takes longer than it may."""
        told = tuple(names)
        for name in told:
            self._call("stopProcess", name, _AT_ONCE)
        while any(state.name in told and state.state == "STOPPING" for state in self.states()):
            time.sleep(_LOOK_EVERY_S)

    def shutdown(self) -> None:
        """Ends the supervisor and whatever it still runs."""
        self._call("shutdown")

    def answers(self) -> bool:
        """Whether it is there."""
        try:
            self.pid()
        except NotRunningError:
            return False
        return True
