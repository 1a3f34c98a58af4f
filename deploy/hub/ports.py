"""The ports of a hub on one machine, all on loopback."""

import socket
from dataclasses import dataclass

from deploy.hub.trouble import PortTakenError

HOST = "127.0.0.1"
WEB = 8000
DATABASE = 27117
KAFKA = 9192
CONTROLLER = 9193


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the programs of one hub listen."""

    web: int = WEB
    database: int = DATABASE
    kafka: int = KAFKA
    controller: int = CONTROLLER


@dataclass(frozen=True, kw_only=True)
class Need:
    """One port to be free, for whom, and what chooses another."""

    port: int
    program: str
    flag: str


def choose(*, web: int | None, database: int | None = None, kafka: int | None = None) -> Ports:
    """The ports asked for. A web port moves the ones not asked for along: web + 1, + 2 and + 3."""
    usual = Ports() if web is None else Ports(web=web, database=web + 1, kafka=web + 2, controller=web + 3)
    return Ports(
        web=usual.web,
        database=database or usual.database,
        kafka=kafka or usual.kafka,
        controller=kafka + 1 if kafka else usual.controller,
    )


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def require_free(needs: list[Need]) -> None:
    """Raises PortTakenError for the first port that is in use."""
    for need in needs:
        if not is_free(need.port):
            message = (
                f"Port {need.port}, for {need.program}, is in use by another program (or closed to you). "
                f"Choose another with `{need.flag} N`; `--port N` moves the whole hub."
            )
            raise PortTakenError(message)
