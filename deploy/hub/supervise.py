"""Starts and stops a whole hub: what others need first, each awaited before what needs it, and back in reverse."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from deploy.hub import database, jars, kafka, leftovers, operator_key, plan, programs, restore_swap
from deploy.hub.control import Supervisor
from deploy.hub.layout import CHECKOUT, Layout
from deploy.hub.plan import Plan
from deploy.hub.ports import HOST, require_free
from deploy.hub.ready import await_bus, await_database, await_running, await_web
from deploy.hub.trouble import AlreadyRunningError, StartError
from shared.bus import access
from shared.config import inherited_environment, read_settings

Tell = Callable[[str], None]

_SUPERVISOR_S = 15.0


def start(hub: Plan, tell: Tell, fetching: jars.Progress) -> None:
    """Returns when the hub serves. Raises HubError, with everything stopped again, where it cannot be started."""
    supervisor = Supervisor(hub.layout.socket)
    if supervisor.answers():
        message = f"A hub runs in {hub.layout.var} already. See `schakel status`, or end it with `schakel stop`."
        raise AlreadyRunningError(message)
    _end_leftovers(hub.layout, tell)
    restore_swap.finish(hub.layout)
    hub.layout.prepare()
    require_free(hub.needs())
    own = own_programs(hub, tell, fetching)
    _write_configuration(hub, own)
    try:
        _launch(hub, supervisor)
        _start_in_order(hub, supervisor, [program.name for program in own], tell)
    except BaseException:
        tell("Stopping what was started.")
        stop(hub.layout, tell)
        raise


def own_programs(hub: Plan, tell: Tell, fetching: jars.Progress) -> list[programs.Program]:
    """The database and broker that this hub starts itself, made ready to start."""
    own = []
    if hub.mongodb_uri is None:
        own.append(_database(hub))
    if hub.bootstrap is None:
        own.append(_kafka(hub, tell, fetching))
    return own


def _database(hub: Plan) -> programs.Program:
    data, config = hub.layout.data / "database", hub.layout.run / "secantusd.toml"
    data.mkdir(exist_ok=True)
    config.touch()
    argv = tuple(database.argv(hub.ports.database, data, config))
    return programs.Program(name=programs.DATABASE, argv=argv, patience=60, environment=database.ENVIRONMENT)


def _kafka(hub: Plan, tell: Tell, fetching: jars.Progress) -> programs.Program:
    pinned = jars.read_pinned()
    cache = jars.cache_folder()
    if jars.missing(pinned, cache):
        tell("Fetching Apache Kafka, 45 MB, this once.")
    files = tuple(jars.fetch(pinned, cache, fetching))
    broker = kafka.Broker(data=hub.layout.data / "kafka", run=hub.layout.run, ports=hub.ports, jars=files)
    kafka.prepare(broker)
    return programs.Program(name=programs.KAFKA, argv=tuple(broker.argv), patience=60, environment=kafka.ENVIRONMENT)


def _write_configuration(hub: Plan, own: list[programs.Program]) -> None:
    plan.remember(hub)
    shutil.rmtree(hub.layout.metrics, ignore_errors=True)
    hub.layout.metrics.mkdir(mode=0o700)
    services = [*programs.workers(), programs.web(hub.layout), programs.keeper(hub.layout)]
    text = programs.configuration(hub.layout, [*own, *services])
    (hub.layout.run / "supervisord.conf").write_text(text, encoding="utf-8")


def _environment(hub: Plan) -> dict[str, str]:
    """What the services are told. The operator's key itself is not among it."""
    return inherited_environment() | {
        "MONGODB_URI": hub.database_uri,
        "MONGODB_URI_FILE": "",
        **_bus_environment(hub),
        "SCHAKEL_OPERATOR_KEY_SHA256": read_settings().operator_key_sha256 or operator_key.ensure(hub.layout),
        "SCHAKEL_OPERATOR_KEY": "",
        "SCHAKEL_WEB_BIND": f"{HOST}:{hub.ports.web}",
        "PYTHONUNBUFFERED": "1",
        leftovers.MARK: str(hub.layout.var),
    }


def _bus_environment(hub: Plan) -> dict[str, str]:
    """Where Kafka is. How one gets into somebody else's is inherited; the hub's own lets in who is on this machine."""
    none = dict.fromkeys(access.NAMES, "") if hub.bootstrap is None else {}
    return {"KAFKA_BOOTSTRAP_SERVERS": hub.brokers, **none}


def _launch(hub: Plan, supervisor: Supervisor) -> None:
    """In a session of its own: a Ctrl-C in the terminal is for the command, which then stops things in order."""
    argv = [sys.executable, "-m", "deploy.hub.supervisord", "-c", str(hub.layout.run / "supervisord.conf")]
    with (hub.layout.log / "supervisor.out").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own words, no shell
            argv,
            env=_environment(hub),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + _SUPERVISOR_S
    while not supervisor.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            message = f"The supervisor did not start; {hub.layout.log / 'supervisor.out'} says why."
            raise StartError(message)
        time.sleep(0.05)


def _start_in_order(hub: Plan, supervisor: Supervisor, own: list[str], tell: Tell) -> None:
    tell(f"Starting {' and '.join(own)}." if own else "Looking for the database and Kafka.")
    for name in own:
        supervisor.start(name)
    await_database(hub, supervisor)
    await_bus(hub, supervisor)
    tell("Starting the services.")
    for name in (*programs.WORKERS, programs.WEB, programs.KEEPER):
        supervisor.start(name)
    await_web(hub, supervisor)
    await_running(supervisor)


def _end_leftovers(layout: Layout, tell: Tell) -> bool:
    found = leftovers.find(layout.var)
    if found:
        tell(f"Ending {len(found)} programs that an earlier hub left behind.")
        leftovers.end(found)
    return bool(found)


def stop(layout: Layout, tell: Tell) -> bool:
    """Ends every program in order, then the supervisor; False where none ran."""
    supervisor = Supervisor(layout.socket)
    ran = supervisor.answers()
    if ran:
        _stop_in_order(supervisor)
    shutil.rmtree(layout.metrics, ignore_errors=True)
    return _end_leftovers(layout, tell) or ran


def _stop_in_order(supervisor: Supervisor) -> None:
    pid = supervisor.pid()
    known = {state.name for state in supervisor.states()}
    for names in programs.STOP_ORDER:
        supervisor.stop(name for name in names if name in known)
    supervisor.shutdown()
    with suppress(psutil.Error):
        psutil.Process(pid).wait(timeout=_SUPERVISOR_S)
