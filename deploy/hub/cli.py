"""The `schakel` command: a whole hub on one machine, from the first start to the last key."""

import sys
from pathlib import Path

import click

from deploy.hub.cli_base import HubCommands, Scene
from deploy.hub.layout import Layout, default_var
from shared.config import DEFAULT_MONGODB_URI, read_settings

_WELCOME = """\
Schakel runs a local food hub: farmers list produce, social enterprises take up the
work between farm and shop, local shops order.

First steps
  schakel demo      a hub with farmers, shops and enterprises at work, to look at
  schakel up        a hub of your own on this machine; Ctrl-C stops it
  then open http://127.0.0.1:8000/

Commands
  up                starts the hub: database, Kafka, web server, workers
  status            what runs, what waits and for whom, what lags behind
  stop              stops the hub
  keys              lists, makes and revokes parties' keys; where the operator's key is
  dlq               messages that no service could read: look, and send back
  backup            copies all of a running hub into one file
  restore           makes a hub of such a file
  rebuild           makes a read copy anew from its owner
  demo              the demonstration

`schakel COMMAND --help` tells more.
"""


@click.group(cls=HubCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--var",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_var,
    show_default="var, in the checkout",
    envvar="SCHAKEL_VAR",
    show_envvar=True,
    help="Where the hub keeps its data, logs and secrets.",
)
@click.option(
    "--mongodb-uri",
    envvar="MONGODB_URI",
    show_envvar=True,
    help="A database of yours; none is started then.",
)
@click.option(
    "--kafka",
    "bootstrap",
    envvar="KAFKA_BOOTSTRAP_SERVERS",
    show_envvar=True,
    help="A Kafka of yours (host:port, …); none is started then.",
)
@click.version_option(package_name="schakel")
@click.pass_context
def cli(context: click.Context, var: Path, mongodb_uri: str | None, bootstrap: str | None) -> None:
    """Runs a whole local food hub on one machine."""
    uri = mongodb_uri or _named_by_file()
    context.obj = Scene(layout=Layout(var=var.absolute()), mongodb_uri=uri, bootstrap=bootstrap or None)
    if context.invoked_subcommand is None:
        click.echo(_WELCOME, nl=False)


def _named_by_file() -> str | None:
    """The database that MONGODB_URI_FILE names, if any."""
    uri = read_settings().mongodb_uri
    return None if uri == DEFAULT_MONGODB_URI else uri


def main() -> None:
    """The entry point."""
    sys.exit(cli())


if __name__ == "__main__":
    main()
