"""One step of a history as it is played: who asks what, how it is answered, and what they remember of it."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.simulation.chance import chance
from tests.simulation.deeds import Deed, Outcome
from tests.simulation.site import Person
from tests.simulation.turns import Crash
from tests.simulation.world import World

_TRIES = 3
_NOT_NOW = 503
_FAULT = 500
_REFUSED = range(400, 500)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request: `what` it is, in a stable word, and what it is about. `key`: sent as Idempotency-Key."""

    what: str
    method: str
    path: str
    of: str = ""
    body: Any = None
    key: str = ""
    version: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it."""
        keyed = {"Idempotency-Key": self.key} if self.key else {}
        return keyed if self.version is None else {**keyed, "If-Match": f'"{self.version}"'}


@dataclass(kw_only=True)
class Play:
    """What a step has in its hands. `draw` is its own chance, which does not depend on any other step."""

    world: World
    number: int
    draw: Random = field(init=False)

    def __post_init__(self) -> None:
        self.draw = chance(self.world.seed, "step", self.number)

    def pick(self, ids: Iterable[str]) -> str | None:
        """One of these. Which one hardly depends on which others there are: so a history keeps its sense when cut."""
        name = f"{self.world.seed}/{self.number}/"
        return min(ids, key=lambda each: (zlib.crc32(f"{name}{each}".encode()), each), default=None)

    def person(self, people: Sequence[Person]) -> Person:
        """One of these people."""
        return self.draw.choice(people)

    def key(self) -> str:
        """An Idempotency-Key of this step's own."""
        return f"step-{self.world.seed}-{self.number}"

    def ask(self, who: Person, ask: Ask) -> Any:
        """Asks, and asks again in the same words while nobody answers; the body of a success, None otherwise."""
        unsure, response = False, None
        for _ in range(_TRIES if ask.key or ask.method != "POST" or ask.of else 1):
            response = self._send(who, ask)
            if response is not None and response.status_code != _NOT_NOW:
                break
            unsure = True
            self.world.turns.pause()
        outcome = _outcome(response, unsure=unsure)
        word = "no answer" if response is None else _word(response)
        self._remember(who, ask, outcome, None if response is None else response.json)
        self.world.notes.count(ask.what, word)
        self.world.tell(f"{self.number:>3}. {who.name}: {_said(ask)} → {word}")
        return response.json if response is not None and outcome == "done" else None

    def _send(self, who: Person, ask: Ask) -> Any:
        try:
            response = self.world.site.send(who, ask.method, ask.path, ask.body, ask.headers)
        except Crash:
            if self.world.turns.closing:
                raise
            return None
        if response.status_code == _FAULT:
            self.world.notes.broke("nothing_breaks", f"{ask.method} {ask.path}: {response.text}")
        return response

    def _remember(self, who: Person, ask: Ask, outcome: Outcome, answer: Any) -> None:
        deed = Deed(
            what=ask.what, who=who.id, of=ask.of, outcome=outcome, number=self.number, body=ask.body, answer=answer
        )
        self.world.deeds.all.append(deed)


def _outcome(response: Any, *, unsure: bool) -> Outcome:
    if response is None or response.status_code == _NOT_NOW:
        return "unknown"
    if response.status_code not in _REFUSED:
        return "done"
    return "unknown" if unsure else "refused"


def _word(response: Any) -> str:
    code = (response.json or {}).get("code") if response.status_code >= _REFUSED.start else None
    return f"{response.status_code} {code}" if code else str(response.status_code)


def _said(ask: Ask) -> str:
    about = f" {_short(ask.of)}" if ask.of else ""
    body = f" {_words(ask.body)}" if ask.body else ""
    return f"{ask.what.replace('_', ' ')}{about}{body}"


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} {_words(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_words(each) for each in value) + "]"
    return _short(str(value))


def _short(text: str) -> str:
    """Long identifiers by their beginning."""
    return ".".join(part[:6] if len(part) == 32 else part for part in text.split("."))
