"""`schakel demo`."""

from pathlib import Path

import click

from deploy.hub.cli_base import Scene, in_scene


@click.command()
@click.option("--exit", "exit_after", is_flag=True, help="Stop the hub when the play is over.")
@click.option(
    "--baskets",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Play a file of baskets, one a line, products parted by commas, in place of the usual morning.",
)
@click.option("--port", type=click.IntRange(1024, 65_532), envvar="SCHAKEL_PORT", help="As for `schakel up`. [8000]")
@in_scene
def demo(scene: Scene, baskets: Path | None, port: int | None, *, exit_after: bool) -> None:
    """A hub with farmers, shops and enterprises at work, to look at."""
    # Imported late: the other commands do without it.
    from deploy.hub.demo import main  # noqa: PLC0415
    from deploy.hub.plan import Plan  # noqa: PLC0415
    from deploy.hub.ports import choose  # noqa: PLC0415

    plan = Plan(
        layout=scene.layout,
        ports=choose(web=port),
        mongodb_uri=scene.mongodb_uri,
        bootstrap=scene.bootstrap,
    )
    raise SystemExit(main(exit_after=exit_after, baskets=baskets, port=port, plan=plan))
