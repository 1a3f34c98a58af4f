"""`schakel keys`: the keys that parties and the operator open the hub with."""

import click

from deploy.hub.cli_base import Scene, in_scene
from deploy.hub.operator_key import key_file
from deploy.hub.parties import PLACES, Operator
from deploy.hub.trouble import HubError

_party = click.argument("party", metavar="PARTY")
_role = click.option("--role", type=click.Choice(list(PLACES)), help="Needed where the party has several.")
_key = click.option(
    "--operator-key",
    envvar="SCHAKEL_OPERATOR_KEY",
    show_envvar=True,
    help="Where the hub does not use the one in its own folder.",
)


@click.group()
def keys() -> None:
    """Parties' keys. PARTY is an enterprise number, ten digits."""


def _operator(scene: Scene, operator_key: str | None) -> Operator:
    plan = scene.plan()
    if operator_key:
        return Operator(address=plan.address, key=operator_key)
    try:
        return Operator(address=plan.address, key=key_file(scene.layout).read_text(encoding="utf-8").strip())
    except OSError as error:
        raise HubError(f"The operator's key cannot be read: {error}. Give it by --operator-key.") from error


@keys.command("list")
@_party
@_role
@_key
@in_scene
def list_(scene: Scene, party: str, role: str | None, operator_key: str | None) -> None:
    """Lists a party's keys."""
    operator = _operator(scene, operator_key)
    for key in operator.keys(party, role or operator.role_of(party)):
        ended = f"revoked {key['revoked_at']}" if key["revoked_at"] else "valid"
        click.echo(f"{key['id']}  made {key['created_at']}  {ended}")


@keys.command()
@_party
@_role
@_key
@in_scene
def create(scene: Scene, party: str, role: str | None, operator_key: str | None) -> None:
    """Makes one more key for a party, and shows it this once."""
    operator = _operator(scene, operator_key)
    made = operator.create_key(party, role or operator.role_of(party))
    click.echo(f"{made['key']}\nIts id is {made['key_id']}. It is not shown again: hand it over now.")


@keys.command()
@_party
@click.argument("key_id")
@_role
@_key
@in_scene
def revoke(scene: Scene, party: str, key_id: str, role: str | None, operator_key: str | None) -> None:
    """Makes a key open nothing any more."""
    operator = _operator(scene, operator_key)
    operator.revoke_key(party, role or operator.role_of(party), key_id)
    click.echo(f"Key {key_id} opens nothing any more.")


@keys.command("operator")
@in_scene
def operator_(scene: Scene) -> None:
    """Says where the operator's key is kept."""
    file = key_file(scene.layout)
    if not file.exists():
        raise HubError(f"There is none yet: `schakel up` makes it, in {file}.")
    click.echo(file)
