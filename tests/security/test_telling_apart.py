"""No answer tells whether somebody else's thing exists, and no key of a request reaches another's request."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared import ids
from tests.chain import NOUNS
from tests.security.attempts import ABSENT, HEADERS, Attempt, places, plain, served
from tests.security.prey import IDEMPOTENCY_KEY, Prey
from tests.security.raids import attempted, documents, lost, spoils

pytestmark = pytest.mark.security

SERVICES = tuple(NOUNS)
# Not secret: lots on offer are for every buyer; and a job was on the board for all to see before somebody took it up,
# so who claims it too late hears that it is taken.
TOLD_APART = {("orders", "GET", "/v1/offers/<lot_id>"), ("logistics", "POST", "/v1/jobs/<job_id>/claim")}
BODIES: tuple[Any, ...] = ({}, {"reason": "no_such_reason"}, {"by": "X", "lines": [{"line_id": "no", "count": 1}]})


def _known_by(response: TestResponse) -> tuple[int, Any, list[tuple[str, str]]]:
    """All that tells one answer from another, and is not another each time."""
    told = sorted((name, value) for name, value in response.headers if name != "traceparent")
    return response.status_code, response.json if response.is_json else response.text, told


@pytest.mark.parametrize("service", SERVICES)
def test_no_answer_tells_whether_somebody_elses_thing_exists(prey: Prey, service: str) -> None:
    """Not with the victim's ETag, with a wrong one, with a body that fits, or with one that does not."""
    told = []
    for route in served(prey):
        if route[0] != service or route in TOLD_APART or not places(route[2]):
            continue
        for attempt in plain(prey, route):
            told += [each for each in _told_apart(prey, attempt) if attempt.rule != "/docs/assets/<path:name>"]

    assert told == []
    assert lost(prey) == []


def _askings(attempt: Attempt) -> list[tuple[str, Mapping[str, str], Any]]:
    """A rival asks in every way; the others are kept out before it matters how."""
    rival = [*((headers, attempt.body) for headers in HEADERS), *(({}, body) for body in BODIES)]
    return [*(("rival", *each) for each in rival), ("waiting", {}, attempt.body), ("namesake", {}, attempt.body)]


def _told_apart(prey: Prey, attempt: Attempt) -> Iterator[tuple[Any, ...]]:
    for name, headers, body in _askings(attempt):
        thief = prey.thieves[attempt.service][name]
        real, none = (
            attempted(thief, replace(attempt, path=path, body=body), headers) for path in (attempt.path, attempt.absent)
        )
        if _known_by(real) != _known_by(none):
            yield name, attempt.method, attempt.path, headers, body, real.status_code, none.status_code


def test_a_reason_that_cannot_be_given_says_nothing_of_somebody_elses_job(prey: Prey) -> None:
    rival = prey.rivals["logistics"]
    answers = [rival.post(f"/v1/jobs/{job}/fail", {"reason": "no_such_reason"}) for job in prey.pools["job_id"]]

    assert [(answer.status_code, (answer.json or {})["code"]) for answer in answers] == [(404, "no_such_job")] * 4


def test_a_job_that_another_holds_is_said_to_be_taken_and_no_more(prey: Prey) -> None:
    rival = prey.rivals["logistics"]
    answers = [rival.post(f"/v1/jobs/{job}/claim") for job in prey.pools["job_id"]]

    assert {response.status_code for response in answers} == {409}
    assert {response.json["code"] for response in answers if response.json} == {"already_claimed", "job_ended"}
    assert lost(prey) == []


@pytest.mark.parametrize("service", SERVICES)
def test_an_idempotency_key_that_somebody_else_used_is_a_key_of_ones_own(prey: Prey, service: str) -> None:
    before = set(documents(prey))
    for attempt in (each for route in served(prey) if route[:2] == (service, "POST") for each in plain(prey, route)):
        for body in (attempt.body, {}):
            again = replace(attempt, body=body)
            response = attempted(prey.rivals[service], again, {"Idempotency-Key": IDEMPOTENCY_KEY})
            assert spoils(prey, again, response) == []

    assert not {prey.things[name] for name in ("placed", "lot", "product")} & {
        id_ for _, _, id_ in set(documents(prey)) - before
    }
    assert lost(prey) == []


def test_an_id_that_can_be_worked_out_from_a_victims_idempotency_key_opens_nothing(prey: Prey) -> None:
    shop = prey.victims["orders"]
    guessed = ids.derived_id(shop.id, "/v1/orders", IDEMPOTENCY_KEY)

    assert guessed == prey.things["placed"]
    assert prey.rivals["orders"].get(f"/v1/orders/{guessed}").status_code == 404


def test_absent_things_are_absent(prey: Prey) -> None:
    operator = prey.chain.operators["orders"]

    assert operator.get(f"/v1/buyers/{ABSENT['party_id']}").status_code == 404
