"""What all commands share: where they work, and how trouble is told: one sentence, exit code 1."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from deploy.hub.layout import Layout
from shared.bus.brokers import Brokers
from shared.config import read_settings
from shared.errors import RefusedError, SchakelError


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The folder of the hub that is meant, and addresses of others where they were given."""

    layout: Layout
    mongodb_uri: str | None
    bootstrap: str | None

    def plan(self) -> "Plan":
        """The hub that was started there. Raises NotRunningError."""
        from deploy.hub.plan import recall  # noqa: PLC0415  # it brings the database's client along: when needed

        return recall(self.layout, mongodb_uri=self.mongodb_uri, bootstrap=self.bootstrap)

    def brokers(self) -> Brokers:
        """The Kafka that is meant: the one given, or the hub's own. Raises NotRunningError."""
        return replace(read_settings().kafka, address=self.bootstrap) if self.bootstrap else self.plan().bus


in_scene = click.make_pass_decorator(Scene)


if TYPE_CHECKING:
    from deploy.hub.plan import Plan

_COMMANDS = {
    "up": "deploy.hub.cli_run",
    "status": "deploy.hub.cli_run",
    "stop": "deploy.hub.cli_run",
    "keys": "deploy.hub.cli_keys",
    "dlq": "deploy.hub.cli_dlq",
    "backup": "deploy.hub.cli_backup",
    "restore": "deploy.hub.cli_backup",
    "rebuild": "deploy.hub.cli_backup",
    "demo": "deploy.hub.cli_demo",
}


class HubCommands(click.Group):
    """Commands that are imported when they are asked for, and whose foreseeable trouble is a sentence, no traceback.

    Each command is the function of its name, in the module that it is listed with.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click has it
        """In the order in which people meet them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as click has it
        """The command, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click has it
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except RefusedError as error:
            raise click.ClickException(error.detail) from error
        except SchakelError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"The machine refused: {error}.") from error
