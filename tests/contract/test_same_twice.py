"""The same creation twice: one effect and one answer where it has an Idempotency-Key, two things where it has none."""

import pytest

from tests.chain import Chain, Snapshot, ok, refused
from tests.contract.creations import CREATED, KEY, creations
from tests.setups import CARROTS, producer


@pytest.fixture(scope="module")
def made() -> tuple[Chain, Snapshot]:
    chain = Chain()
    return chain, chain.snapshot()


@pytest.fixture
def chain(made: tuple[Chain, Snapshot]) -> Chain:
    chain, nothing = made
    chain.restore(nothing)
    return chain


@CREATED
def test_the_same_creation_with_the_same_key_has_one_effect_and_one_answer(chain: Chain, what: str) -> None:
    who, path, body, _ = creations(chain)[what]

    first = who.post(path, body, Idempotency_Key=KEY)
    once = chain.snapshot()
    second = who.post(path, body, Idempotency_Key=KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert first.headers["Location"] == second.headers["Location"]
    assert chain.snapshot() == once


@CREATED
def test_the_same_creation_is_still_known_when_it_has_had_consequences(chain: Chain, what: str) -> None:
    who, path, body, _ = creations(chain)[what]
    first = ok(who.post(path, body, Idempotency_Key=KEY))
    chain.settle()

    again = ok(who.post(path, body, Idempotency_Key=KEY))

    assert again["id"] == first["id"]


@CREATED
def test_another_creation_with_the_same_key_is_refused(chain: Chain, what: str) -> None:
    who, path, body, other = creations(chain)[what]
    ok(who.post(path, body, Idempotency_Key=KEY))
    before = chain.snapshot()

    refused(who.post(path, other, Idempotency_Key=KEY), 422, "idempotency_key_reused", "Idempotency-Key")
    assert chain.snapshot() == before


@CREATED
def test_the_same_creation_without_a_key_or_with_another_one_is_another_thing(chain: Chain, what: str) -> None:
    who, path, body, _ = creations(chain)[what]
    answers = [who.post(path, body), who.post(path, body), who.post(path, body, Idempotency_Key=KEY)]

    assert len({ok(each)["id"] for each in answers}) == 3


def test_the_key_of_one_party_says_nothing_of_anothers(chain: Chain) -> None:
    first, second = producer(chain), producer(chain)

    ids = {ok(each.post("/v1/products", CARROTS, Idempotency_Key=KEY))["id"] for each in (first, second)}

    assert len(ids) == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "\x7f" * 10])
@CREATED
def test_a_key_that_no_program_would_make_is_refused(chain: Chain, what: str, key: str) -> None:
    who, path, body, _ = creations(chain)[what]

    response = who.call("POST", path, json=body, headers={"Idempotency-Key": key})

    refused(response, 422, "bad_idempotency_key", "Idempotency-Key")
