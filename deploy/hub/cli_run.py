"""`schakel up`, `status` and `stop`."""

import json
import time
from dataclasses import asdict

import click

from deploy.hub import ports
from deploy.hub.cli_base import Scene, in_scene
from deploy.hub.control import Supervisor
from deploy.hub.interrupts import interruptible
from deploy.hub.operator_key import key_file
from deploy.hub.plan import Plan
from deploy.hub.supervise import start
from deploy.hub.supervise import stop as stop_hub
from deploy.hub.trouble import NotRunningError, StartError
from shared import clock

_INTERRUPTED = 130
_EVERY_S = 1.0
_EVERY_FILES = 5
_PORT = click.IntRange(1024, 65_532)


@click.command()
@click.option("--port", type=_PORT, envvar="SCHAKEL_PORT", help="The web server's; the other ports follow it. [8000]")
@click.option("--database-port", type=_PORT, help="The database's. [27117]")
@click.option("--kafka-port", type=_PORT, help="Kafka's; its controller takes the next one. [9192]")
@click.option("--detach", is_flag=True, help="Return when the hub serves, and leave it running.")
@in_scene
def up(scene: Scene, port: int | None, database_port: int | None, kafka_port: int | None, *, detach: bool) -> None:
    """Starts the hub and keeps it running until Ctrl-C."""
    chosen = ports.choose(web=port, database=database_port, kafka=kafka_port)
    plan = Plan(layout=scene.layout, ports=chosen, mongodb_uri=scene.mongodb_uri, bootstrap=scene.bootstrap)
    with interruptible():
        try:
            start(plan, click.echo, tell_fetched)
        except KeyboardInterrupt:
            click.echo("Stopped before it served.")
            raise SystemExit(_INTERRUPTED) from None
        _greet(plan, detach=detach)
        if not detach:
            _attend(plan)


def tell_fetched(done: int, of: int, _name: str) -> None:
    """How far the fetching of Kafka is, now and then."""
    if done % _EVERY_FILES == 0 or done == of:
        click.echo(f"  {done} of {of} files")


def _greet(plan: Plan, *, detach: bool) -> None:
    click.echo(f"The hub serves at {plan.address}/ (the addresses of its API docs are there).")
    click.echo(f"The operator's key is in {key_file(plan.layout)}; logs are in {plan.layout.log}.")
    click.echo("`schakel stop` stops it." if detach else "Ctrl-C stops it.")


def _attend(plan: Plan) -> None:
    """Until a signal, or until the hub was stopped from elsewhere; tells of programs that do not come up."""
    supervisor = Supervisor(plan.layout.socket)
    told: set[str] = set()
    try:
        while supervisor.answers():
            _tell_given_up(supervisor, told)
            time.sleep(_EVERY_S)
    except KeyboardInterrupt:
        click.echo("\nStopping the hub.")
        stop_hub(plan.layout, click.echo)
        click.echo("Stopped.")
        return
    stop_hub(plan.layout, click.echo)
    click.echo("The hub was stopped.")


def _tell_given_up(supervisor: Supervisor, told: set[str]) -> None:
    try:
        given_up = {state.name: state.log for state in supervisor.states() if state.state == "FATAL"}
    except NotRunningError:
        return
    for name in given_up.keys() - told:
        click.echo(f"The program {name} ends again and again; it is tried on. {given_up[name]} says why.", err=True)
    told |= given_up.keys()


@click.command()
@in_scene
def stop(scene: Scene) -> None:
    """Stops the hub, in order, with time for each program to finish what it does."""
    if not stop_hub(scene.layout, click.echo):
        raise NotRunningError(f"No hub runs in {scene.layout.var}; there is nothing to stop.")
    click.echo("Stopped.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs: all of it as JSON.")
@in_scene
def status(scene: Scene, *, as_json: bool) -> None:
    """Shows what runs, what waits and for whom, and what lags behind."""
    # Imported late: the tables and the services' decisions are needed by this command alone.
    from rich.console import Console  # noqa: PLC0415

    from deploy.hub.show import show  # noqa: PLC0415
    from deploy.hub.status import look  # noqa: PLC0415

    seen = look(scene.plan())
    if as_json:
        click.echo(json.dumps(asdict(seen), indent=2))
    else:
        show(seen, clock.now(), Console())
    if seen.trouble or any(each.state != "RUNNING" for each in seen.programs):
        raise StartError("Not all is well: see the programs that do not run, and their logs.")
