"""The programs of one hub, and how the supervisor is told about them."""

import shlex
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from deploy.hub.layout import CHECKOUT, Layout

SERVICES = ("producers", "orders", "logistics")
WEB = "web"
DATABASE = "database"
KAFKA = "kafka"
KEEPER = "keeper"
WORKERS = tuple(f"{service}-worker" for service in SERVICES)
# Reverse of the start: who uses another stops before it; those of one group stop together.
STOP_ORDER = ((KEEPER, WEB), WORKERS, (KAFKA,), (DATABASE,))
# A program that never comes up is tried for about half an hour, each time a second later; then the keeper goes on.
_TRIES = 60


@dataclass(frozen=True, kw_only=True)
class Program:
    """One supervised process. `patience` is how many seconds it gets between SIGTERM and SIGKILL."""

    name: str
    argv: tuple[str, ...]
    patience: int
    environment: Mapping[str, str] = field(default_factory=dict)


def web(layout: Layout) -> Program:
    """Gunicorn, with the three services mounted side by side; its processes add up their metrics in a folder."""
    config = CHECKOUT / "deploy" / "gunicorn.py"
    argv = (sys.executable, "-m", "gunicorn", "-c", str(config), "deploy.hub.web:create_app()")
    return Program(name=WEB, argv=argv, patience=40, environment={"PROMETHEUS_MULTIPROC_DIR": str(layout.metrics)})


def workers() -> tuple[Program, ...]:
    """One worker a service, under a name of its own: started again, it takes its partitions back at once."""
    known = {"SCHAKEL_INSTANCE": "1"}
    return tuple(
        Program(name=name, argv=(sys.executable, "-m", f"services.{service}.main"), patience=40, environment=known)
        for name, service in zip(WORKERS, SERVICES, strict=True)
    )


def keeper(layout: Layout) -> Program:
    """Who brings back what the supervisor alone would not."""
    argv = (sys.executable, "-m", "deploy.hub.keeper", str(layout.var))
    return Program(name=KEEPER, argv=argv, patience=5)


def configuration(layout: Layout, programs: Iterable[Program]) -> str:
    """The supervisor's file. Nothing starts by itself: what must wait for what is decided by who starts them."""
    sections = [
        _section("unix_http_server", {"file": layout.socket, "chmod": "0700"}),
        _section("supervisord", _daemon(layout)),
        _section(
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *(_section(f"program:{program.name}", _supervised(layout, program)) for program in programs),
    ]
    return "\n".join(sections)


def _daemon(layout: Layout) -> dict[str, object]:
    return {
        "logfile": layout.log / "supervisor.log",
        "logfile_maxbytes": "5MB",
        "logfile_backups": 2,
        "pidfile": layout.run / "supervisor.pid",
        "childlogdir": layout.log,
        "nodaemon": "true",
        "silent": "true",
        "identifier": "schakel",
        "directory": layout.run,
    }


def _supervised(layout: Layout, program: Program) -> dict[str, object]:
    return {
        "command": shlex.join(program.argv),
        "directory": CHECKOUT,
        "environment": ",".join(f'{name}="{value}"' for name, value in program.environment.items()),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": 1,
        "startretries": _TRIES,
        "stopsignal": "TERM",
        "stopwaitsecs": program.patience,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": layout.log / f"{program.name}.log",
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": 3,
    }


def _section(name: str, values: Mapping[str, object]) -> str:
    """An ini section; the supervisor gives `%` a meaning of its own, so each is doubled."""
    texts = {key: str(value).replace("%", "%%") for key, value in values.items()}
    return "\n".join([f"[{name}]", *(f"{key}={text}" for key, text in texts.items() if text), ""])
