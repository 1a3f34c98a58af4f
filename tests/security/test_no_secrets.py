"""No key, no password and no more of a person than is needed in a log line, an event, a dead letter or an answer."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout

import pytest
import structlog

from shared import log
from shared.errors import StoreUnavailableError
from shared.store.memory import MemoryStore
from tests.chain import NOUNS, OPERATOR_KEY, Chain, Party, ok
from tests.setups import VAN, buyer, deliver, enterprise, list_lot, place_order, producer

pytestmark = pytest.mark.security

PASSWORD = "h0e-heet-mijn-k4t"  # a made-up one
URI = f"mongodb://orders:{PASSWORD}@db1.example:27017,db2.example/?authSource=admin"
KEY = "buyer_0403170701_0123456789ab_" + "Zm9vYmFyYmF6" * 3
PERSONAL = ("016 44 44 74", "example", "Wagen van Piet", "Door de buurvrouw", "Achterom graag", "Een deuk in de krat")


@pytest.fixture
def lines() -> Iterator[Callable[[], str]]:
    """What was logged since last asked, as in production."""
    root, before, stream = logging.getLogger(), structlog.get_config(), io.StringIO()
    handlers, root.handlers[:] = list(root.handlers), []

    def logged() -> str:
        text = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return text

    with redirect_stdout(stream):
        log.configure("test")
    yield logged
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()
    root.handlers[:] = handlers


def _played() -> tuple[Chain, list[Party]]:
    """A hub where an order goes all its way, and much else happens that is told of."""
    chain = Chain()
    farm = producer(chain, phone="016 44 44 74", description="Door de buurvrouw")
    shop = buyer(chain, phone="016 44 44 74")
    van = enterprise(chain, phone="016 44 44 74", vehicles=[{**VAN, "name": "Wagen van Piet"}])
    for party in (farm, shop, van):
        made = ok(party.post(f"{party.account}/keys"))
        party.call("DELETE", f"{party.account}/keys/{made['key_id']}")
        Party(chain=chain, service=party.service, id=party.id, key=made["key"]).get(party.account)
        wrong = Party(chain=chain, service=party.service, id=party.id, key=party.key + "x")
        wrong.get(party.account, key=party.key)
    lot = list_lot(farm)
    order = place_order(shop, (lot, 2), note="Achterom graag")
    deliver(van, order, farm)
    ok(shop.post(f"/v1/orders/{order}/receipt"))
    ok(shop.post(f"/v1/orders/{place_order(shop, (lot, 1))}/cancel"))
    for topic in ("orders", "lots", "jobs", "reservations"):
        chain.publish(topic, "x", f'{{"key":"{farm.key}"'.encode())
    return chain, [farm, shop, van]


@pytest.fixture(scope="module")
def played() -> tuple[Chain, list[Party]]:
    return _played()


def _secrets(parties: list[Party]) -> list[str]:
    return [*(party.key.split("_", 3)[3] for party in parties), OPERATOR_KEY]


def test_no_key_is_in_any_log_line(lines: Callable[[], str]) -> None:
    _, parties = _played()
    logged = lines()

    assert logged.count("\n") > 50
    assert [secret for secret in _secrets(parties) if secret in logged] == []
    assert "Bearer" not in logged


def test_every_log_line_is_one_json_object(lines: Callable[[], str]) -> None:
    _played()
    logging.getLogger("library").error('a "quoted"\nline, %s', URI)

    for line in lines().splitlines():
        assert isinstance(json.loads(line), dict)


def test_a_log_line_of_who_was_kept_out_says_why_and_from_where_and_one_of_who_was_let_in_does_not(
    lines: Callable[[], str],
) -> None:
    chain = Chain()
    shop = buyer(chain)
    lines()
    shop.get("/v1/orders")
    Party(chain=chain, service="orders", id=shop.id, key=KEY).get("/v1/orders")
    let_in, kept_out = (json.loads(line) for line in lines().splitlines())

    assert (kept_out["status"], kept_out["refused"], kept_out["address"]) == (401, "unknown_key", "127.0.0.1")
    assert let_in["party"] == shop.id
    assert "address" not in let_in


def test_no_key_is_in_any_event_and_no_word_that_only_one_party_needs(played: tuple[Chain, list[Party]]) -> None:
    chain, parties = played
    told = " ".join(record.value.decode() for log_ in chain.broker.logs.values() for record in log_)
    events = " ".join(
        record.value.decode()
        for (topic, _), log_ in chain.broker.logs.items()
        for record in log_
        if not topic.endswith(".dlq") and not record.value.startswith(b'{"key"')
    )

    assert [secret for secret in _secrets(parties)[1:] if secret in told] == []
    assert [word for word in PERSONAL if word in events] == []
    assert "digest" not in events


def test_a_dead_letter_says_why_without_what_was_in_it(played: tuple[Chain, list[Party]]) -> None:
    chain, parties = played
    reasons = [dict(record.headers)["reason"] for record in chain.dead()]

    assert len(reasons) >= 4
    assert [secret for secret in _secrets(parties) if any(secret in reason for reason in reasons)] == []


@pytest.mark.parametrize("service", NOUNS)
def test_metrics_name_no_party_no_key_and_no_id(played: tuple[Chain, list[Party]], service: str) -> None:
    chain, parties = played
    shown = chain.operators[service].get("/metrics").text
    labels = set(re.findall(r'(\w+)="', shown))

    assert labels <= {"service", "method", "route", "status", "le"}
    assert [party.id for party in parties if party.id in shown] == []


class BrokenStore(MemoryStore):
    """A store that fails as `error` says."""

    error: Exception | None = None

    def ping(self) -> None:
        """Fails."""
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError(f"cannot use {URI}, nor {KEY}"), 500),
        (StoreUnavailableError(f"The database did not do it: {URI}: Authorization: Bearer {KEY}"), 503),
    ],
)
def test_an_error_that_quotes_a_password_tells_it_to_nobody(
    lines: Callable[[], str], error: Exception, status: int
) -> None:
    store = BrokenStore()
    chain = Chain(stores={"orders": store})
    store.error = error

    answer = Party(chain=chain, service="orders", id="", key="").get("/readyz")
    logged = lines()

    assert answer.status_code == status
    assert not [secret for secret in (PASSWORD, KEY, "db1.example") if secret in answer.text]
    assert not [secret for secret in (PASSWORD, KEY[-20:]) if secret in logged]
    assert "mongodb://***@db1.example" in logged


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (URI, "mongodb://***@db1.example:27017,db2.example/?authSource=admin"),
        ("mongodb+srv://u:p%40ss@x.example", "mongodb+srv://***@x.example"),
        ("mongodb://u:p@ss/w:rd@x.example", "mongodb://***@x.example"),
        (f"key {KEY}.", "key buyer_0403170701_0123456789ab_***."),
        ("Authorization: Bearer abcdefghij", "Authorization: Bearer ***"),
        ("Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic ***"),
        ('sasl_plain_password="abc def"', 'sasl_plain_password="*** def"'),
        ("password=abc&x=1", "password=***&x=1"),
        ('{"api_key": "abc"}', '{"api_key": "***"}'),
        ("http://127.0.0.1:8000/orders", "http://127.0.0.1:8000/orders"),
        ("at 12:00:00 info@x.example wrote", "at 12:00:00 info@x.example wrote"),
        ("Send your key: `Authorization: Bearer …`.", "Send your key: `Authorization: Bearer …`."),
    ],
)
def test_secrets_are_told_by_their_looks(text: str, expected: str) -> None:
    assert log.without_secrets(text) == expected


def test_looking_for_secrets_takes_no_longer_than_the_text_is_long() -> None:
    """Counted in letters that a bad pattern would try again and again: this ends at once, or never."""
    for text in ("a" * 200_000, "a://" * 50_000, "bearer " * 30_000, "password" * 30_000, "x://a:" + "b" * 200_000):
        log.without_secrets(text)


def test_a_librarys_words_are_a_line_without_secrets() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.LineFormatter())
    handler.handle(logging.LogRecord("x", logging.ERROR, __file__, 1, 'no "%s"\n', (KEY,), None))
    error = RuntimeError(URI)
    handler.handle(logging.makeLogRecord({"msg": "failed", "exc_info": (RuntimeError, error, None)}))
    first, second = (json.loads(line) for line in stream.getvalue().splitlines())

    assert first["event"] == 'no "buyer_0403170701_0123456789ab_***"\n'
    assert PASSWORD not in second["event"]
    assert "RuntimeError" in second["event"]


@pytest.mark.parametrize("member", ["name", "email", "phone"])
@pytest.mark.parametrize("sign", ["\x1b[2J", "\x9b2J", "\x07", "\u202e", "\x00"])
def test_no_word_of_a_party_can_steer_the_terminal_of_who_reads_it(member: str, sign: str) -> None:
    shop = buyer(Chain())
    word = f'"a{sign}"@x.example' if member == "email" else f"a{sign}b"

    answer = shop.patch(shop.account, {member: word})

    assert (answer.status_code, (answer.json or {}).get("field")) == (422, member)
