"""Keys: told apart in constant time, kept as digests, and said the same of whatever is wrong with one."""

import dis
from collections.abc import Callable, Iterable

import pytest

from shared import ids
from shared.accounts import keys
from shared.config import Settings, read_settings
from shared.errors import SettingsError
from shared.http.app import routes
from shared.store.memory import MemoryStore
from shared.store.port import Document
from shared.wiring import Parts, app_on
from tests.chain import NOUNS, SERVICES, Chain, Party, ok
from tests.setups import buyer, enterprise, producer

METRICS_KEY = "a-key-for-the-metrics"


class CountingStore(MemoryStore):
    """Counts what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """By id."""
        self.reads += 1
        return super().get(collection, ids)


def test_digests_are_compared_in_constant_time() -> None:
    called = {each.argval for each in dis.get_instructions(keys._same)}

    assert "compare_digest" in called


def test_whatever_is_wrong_with_a_key_the_same_is_said_after_the_same_reads() -> None:
    store = CountingStore()
    chain = Chain(stores={"orders": store})
    shop, other = buyer(chain), buyer(chain)
    second = ok(shop.post(f"{shop.account}/keys"))
    shop.call("DELETE", f"{shop.account}/keys/{second['key_id']}")
    role, party, key_id, secret = shop.key.split("_", 3)
    tries = {
        "no such party": f"{role}_0403170701_{key_id}_{secret}",
        "no such key": f"{role}_{party}_{'0' * 12}_{secret}",
        "another party's key": f"{role}_{other.id}_{key_id}_{secret}",
        "a wrong secret": f"{role}_{party}_{key_id}_{secret[:-1]}",
        "revoked": second["key"],
        "no secret": f"{role}_{party}_{key_id}_",
    }
    said = {}
    for name, key in tries.items():
        before = store.reads
        answer = Party(chain=chain, service="orders", id=party, key=key).get("/v1/orders")
        said[name] = (answer.status_code, answer.text, answer.headers["WWW-Authenticate"], store.reads - before)

    assert len(set(said.values())) == 1, said


def test_only_who_holds_the_key_hears_that_a_party_waits_or_is_suspended() -> None:
    chain = Chain()
    waiting, suspended = buyer(chain, approved=False), buyer(chain)
    ok(suspended.operator.post(f"{suspended.account}/suspend"))
    guesses = [
        Party(chain=chain, service="orders", id=each.id, key=each.key[:-1] + "~") for each in (waiting, suspended)
    ]

    assert [each.get("/v1/orders").status_code for each in (waiting, suspended)] == [403, 403]
    assert [each.get("/v1/orders").status_code for each in guesses] == [401, 401]


@pytest.mark.parametrize("make", [producer, buyer, enterprise])
def test_a_secret_is_256_random_bits_and_kept_as_its_digest_alone(make: Callable[[Chain], Party]) -> None:
    chain = Chain()
    party = make(chain)
    secret = party.key.split("_", 3)[3]
    stored = str(chain.snapshot())

    assert len(secret) == 43
    assert secret not in stored
    assert ids.digest(secret) in stored


def test_no_digest_of_a_key_is_ever_shown() -> None:
    chain = Chain()
    shop = buyer(chain)
    digest = ids.digest(shop.key.split("_", 3)[3])

    shown = [each.get(path).text for each in (shop, shop.operator) for path in (shop.account, f"{shop.account}/keys")]

    assert [text for text in shown if digest in text or "digest" in text] == []


@pytest.mark.parametrize("service", NOUNS)
def test_the_key_for_metrics_opens_the_metrics_and_nothing_else(service: str) -> None:
    parts = Parts(store=MemoryStore(), hub=Chain().hub, metrics_digest=ids.digest(METRICS_KEY))
    app = app_on(SERVICES[service], parts, Settings())
    client, headers = app.test_client(), {"Authorization": f"Bearer {METRICS_KEY}"}
    guarded = [(method, rule) for method, rule, roles in routes(app) if roles]

    entered = [
        rule
        for method, rule in guarded
        if client.open(rule, method=method, headers=headers).status_code not in {401, 403}
    ]

    assert entered == ["/metrics"]
    assert client.get("/metrics").status_code == 401


def test_where_no_key_of_the_hubs_own_is_set_none_opens_anything() -> None:
    parts = Parts(store=MemoryStore(), hub=Chain().hub)
    client = app_on(SERVICES["orders"], parts, Settings()).test_client()
    tried = ["", " ", "0", "None", ids.digest("")]

    assert {client.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code for key in tried} == {401}


@pytest.mark.parametrize("name", ["SCHAKEL_OPERATOR_KEY_SHA256", "SCHAKEL_METRICS_KEY_SHA256"])
def test_the_key_itself_in_place_of_its_digest_is_told_at_the_start_and_not_repeated(name: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read_settings({name: METRICS_KEY})

    assert name in str(refusal.value)
    assert METRICS_KEY not in str(refusal.value)


def test_a_digest_may_be_written_in_capitals() -> None:
    digest = ids.digest(METRICS_KEY)

    assert read_settings({"SCHAKEL_METRICS_KEY_SHA256": f" {digest.upper()}\n"}).metrics_key_sha256 == digest


def test_a_digest_that_was_set_wrongly_opens_nothing_and_breaks_nothing() -> None:
    parts = Parts(store=MemoryStore(), hub=Chain().hub, operator_digest="geen sleutel: €")
    client = app_on(SERVICES["orders"], parts, Settings()).test_client()

    answer = client.get("/v1/buyers", headers={"Authorization": "Bearer operator-key"})

    assert answer.status_code == 401
