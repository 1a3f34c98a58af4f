"""`python -m benchmarks`: measures a hub on this machine and prints what came of it. Judges nothing."""

import json
import signal
from pathlib import Path

import click
from pymongo.errors import PyMongoError
from rich.console import Console

from benchmarks.bench import Asked, run
from benchmarks.numbers import numbers
from benchmarks.report import show
from deploy.hub.trouble import HubError


@click.command()
@click.option("--orders", default=2_000, show_default=True, type=click.IntRange(10), help="In each of the big runs.")
@click.option("--lots", default=20, show_default=True, type=click.IntRange(4), help="On offer in each run.")
@click.option("--connections", default=8, show_default=True, type=click.IntRange(1, 64), help="That post at once.")
@click.option("--rate", default=5.0, show_default=True, type=click.FloatRange(0.1), help="Of the gentle stream.")
@click.option("--gentle", default=150, show_default=True, type=click.IntRange(10), help="Orders in it.")
@click.option("--var", "folder", type=click.Path(file_okay=False, path_type=Path), help="A folder to keep the hub in.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where to put all figures.")
def main(**options: object) -> None:
    """Starts a hub of its own, measures it, and stops it again."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the hub is stopped then, too
    asked = _asked(options)
    try:
        result = run(asked, lambda text: click.echo(text, err=True))
    except (HubError, TimeoutError, PyMongoError) as error:
        raise click.ClickException(str(error)) from error
    found = numbers(result)
    show(found, Console(width=120))
    file = options["file"]
    if isinstance(file, Path):
        file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _asked(options: dict[str, object]) -> Asked:
    names = {"gentle": "gentle_orders"}
    chosen = {names.get(name, name): value for name, value in options.items() if name != "file"}
    return Asked(**chosen)  # type: ignore[arg-type]  # click has checked them


if __name__ == "__main__":
    main()
