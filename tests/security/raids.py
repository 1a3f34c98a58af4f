"""Tries what `attempts.py` makes up, and looks at what it brought."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.test import TestResponse

from shared.store.port import Document
from tests.chain import Party
from tests.security.attempts import HEADERS, Attempt
from tests.security.prey import Prey


def documents(prey: Prey) -> dict[tuple[str, str, str], Document]:
    return {
        (service, collection, id_): document
        for service, (collections, _) in prey.chain.snapshot().items()
        for collection, documents in collections.items()
        for id_, document in documents.items()
    }


def attempted(thief: Party, attempt: Attempt, headers: Mapping[str, str]) -> TestResponse:
    options = {} if attempt.body is None or attempt.method in {"GET", "HEAD"} else {"json": attempt.body}
    return thief.call(attempt.method, attempt.path, headers=dict(headers), **options)


def spoils(prey: Prey, attempt: Attempt, response: TestResponse) -> list[str]:
    return prey.leaks(attempt.service, f"{response.text} {response.headers}", attempt.said)


def raid(prey: Prey, thieves: Mapping[str, Party], attempts: Iterator[Attempt]) -> tuple[int, list[Any]]:
    """How many requests were made, and whatever any of them brought."""
    count, brought = 0, []
    for attempt in attempts:
        for name, thief in thieves.items():
            for headers in HEADERS if name == "rival" else HEADERS[:1]:
                response = attempted(thief, attempt, headers)
                count += 1
                brought += [(name, attempt.method, attempt.path, headers, spoils(prey, attempt, response))]
    return count, [each for each in brought if each[-1]]


def lost(prey: Prey) -> list[tuple[str, str, str]]:
    """Documents that are no longer what they were; new ones may be there, of things that anybody may make."""
    now = documents(prey)
    prey.chain.restore(prey.before)
    return [key for key, document in documents(prey).items() if now.get(key) != document]
