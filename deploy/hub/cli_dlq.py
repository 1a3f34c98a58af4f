"""`schakel dlq`: messages that no service could read."""

from collections.abc import Iterable

import click

from deploy.hub import dead
from deploy.hub.cli_base import Scene, in_scene
from deploy.hub.dead import Letter
from shared import clock
from shared.bus.brokers import Where
from shared.events.catalogue import TOPICS


@click.group()
def dlq() -> None:
    """Dead letters: what no service could read, with the reason."""


def _of_all(brokers: Where, topics: Iterable[str]) -> list[Letter]:
    return [letter for topic in topics for letter in dead.letters(brokers, topic)]


def _topics(topic: str | None) -> tuple[str, ...]:
    return TOPICS if topic is None else (dead.require_topic(topic),)


def _when(letter: Letter) -> str:
    return clock.to_brussels(clock.plus(clock.EPOCH, seconds=letter.record.at / 1_000))


@dlq.command("list")
@click.argument("topic", required=False)
@in_scene
def list_(scene: Scene, topic: str | None) -> None:
    """Lists dead letters, of one topic or of all, and counts them."""
    for name in _topics(topic):
        letters = dead.letters(scene.brokers(), name)
        back = sum(letter.replayed for letter in letters)
        click.echo(f"{name}: {len(letters) - back} dead, {back} sent back")
        for letter in letters:
            state = "sent back" if letter.replayed else "dead"
            click.echo(f"  {letter.id}  {_when(letter)}  {state}  {letter.reasons[0]}")


@dlq.command()
@click.argument("letter_id", metavar="ID")
@in_scene
def show(scene: Scene, letter_id: str) -> None:
    """Shows one dead letter: why it is one, where it came from, and what it says."""
    letter = dead.find(scene.brokers(), letter_id)
    for reason in letter.reasons:
        click.echo(f"reason: {reason}")
    click.echo(f"arrived: {_when(letter)}")
    click.echo(f"lay at (topic:partition:offset): {letter.origin}")
    click.echo(f"key: {letter.record.key}")
    click.echo(f"sent back: {'yes' if letter.replayed else 'no'}\n")
    click.echo(letter.record.value.decode("utf-8", errors="replace"))


@dlq.command()
@click.argument("letter_id", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="All that were not sent back yet.")
@click.option("--topic", help="With --all: those of one topic.")
@in_scene
def replay(scene: Scene, letter_id: str | None, topic: str | None, *, everything: bool) -> None:
    """Sends dead letters back to their topics, each once, to be read again."""
    if bool(letter_id) == everything:
        raise click.UsageError("Name one dead letter, or say --all.")
    brokers = scene.brokers()
    letters = [dead.find(brokers, letter_id)] if letter_id else _of_all(brokers, _topics(topic))
    sent = sum(dead.replay(brokers, letter) for letter in letters)
    click.echo(f"{sent} sent back; {len(letters) - sent} had been sent back before.")
