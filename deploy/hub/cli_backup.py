"""`schakel backup`, `restore` and `rebuild`."""

from collections.abc import Iterable
from pathlib import Path

import click

from deploy.hub.cli_base import Scene, in_scene
from deploy.hub.cli_run import tell_fetched
from deploy.hub.interrupts import interruptible
from shared import clock

_FILE = click.Path(dir_okay=False, path_type=Path)
_MEGABYTE = 1_000_000


@click.command()
@click.argument("file", type=_FILE)
@in_scene
def backup(scene: Scene, file: Path) -> None:
    """Copies all of a running hub into FILE (.tar.gz), which only you can read: it holds the operator's key."""
    # Imported late, here and below: all the services' code.
    from deploy.hub.backup import back_up  # noqa: PLC0415

    with interruptible():
        try:
            made = back_up(scene.plan(), file.absolute(), click.echo)
        except KeyboardInterrupt:
            raise click.ClickException("Stopped; nothing is left of the backup, and the workers go on.") from None
    documents = _lines(made.members[name].lines for name in made.members if name.startswith("databases/"))
    records = _lines(made.members[name].lines for name in made.members if name.startswith("topics/"))
    size = file.stat().st_size / _MEGABYTE
    click.echo(f"{file}: {documents} documents and {records} events, {size:.1f} MB. Keep it away from this machine.")


def _lines(counts: Iterable[int]) -> str:
    return f"{sum(counts):,}".replace(",", " ")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Where the folder holds a hub: take its place. It is kept aside.")
@in_scene
def restore(scene: Scene, file: Path, *, replace: bool) -> None:
    """Makes the hub of a backup, in the folder of --var; `schakel up` starts it then."""
    from deploy.hub.restore import restore as make  # noqa: PLC0415

    with interruptible():
        try:
            made = make(scene.layout, file.absolute(), click.echo, tell_fetched, over=replace)
        except KeyboardInterrupt:
            raise click.ClickException("Stopped; nothing was changed.") from None
    moment = clock.to_brussels(made.made_at)[:16].replace("T", " ")
    click.echo(f"The hub of {moment} is in {scene.layout.var}. `schakel up` starts it.")
    if "hub.toml" in made.members:
        click.echo(f"Its depot, tariff and deadlines: set SCHAKEL_HUB_FILE={scene.layout.var / 'hub.toml'}")


@click.command()
@click.argument("name", required=False)
@in_scene
def rebuild(scene: Scene, name: str | None) -> None:
    """Makes a read copy anew from its owner, while the hub runs. Without NAME: which there are."""
    from deploy.hub.rebuild_hub import copies, rebuild_copy  # noqa: PLC0415

    if name is None:
        for each in copies():
            click.echo(
                f"{each.name}: {each.keeper.name} keep it of what {each.owner.name} tell on the topic {each.copy.topic}"
            )
        return
    done = rebuild_copy(name, scene.mongodb_uri or scene.plan().database_uri)
    click.echo(f"{name}: {done.right} were right; {done.mended} mended, {done.added} added, {done.removed} removed.")
