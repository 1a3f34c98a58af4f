"""A broker that asks who one is, over TLS: who may in does what is theirs, all others hear why not."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from deploy.topics import SERVICES, ensure, give_rights
from services.orders.main import SERVICE as ORDERS
from shared.bus.brokers import Brokers
from shared.bus.kafka import KafkaPublisher, KafkaSubscription
from shared.bus.port import Parcel
from shared.bus.topics import all_topics, counts, ensure_topics, lags, read_topic
from shared.config import Settings
from shared.errors import BusUnavailableError
from tests.secure_kafka import ADMIN, SecureKafka, secure_kafka

pytestmark = [
    pytest.mark.servers,
    # Kafka's client leaves the socket of a connection that failed to the collector.
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"),
]

PASSWORDS = {name: f"the-password-of-{name}" for name in (ADMIN, *SERVICES)}
WRONG = "not-the-password"


@pytest.fixture(autouse=True)
def _sockets_left_by_the_client() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecureKafka]:
    with secure_kafka(tmp_path_factory.mktemp("secure") / "kafka", PASSWORDS) as found:
        settings = Settings(kafka=found.as_user(ADMIN), topic_partitions=2)
        ensure(settings)
        give_rights(settings)
        yield found


def publish(where: Brokers, topic: str, value: bytes = b"{}") -> None:
    publisher = KafkaPublisher(where)
    try:
        publisher.publish([Parcel(topic=topic, key="a key", value=value)])
    finally:
        publisher.close()


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(BusUnavailableError) as caught:
        act()
    said = str(caught.value)
    assert not any(word in said + repr(caught.value.__cause__) for word in (*PASSWORDS.values(), WRONG))
    return said


def test_a_service_publishes_and_another_consumes_each_as_itself(kafka: SecureKafka) -> None:
    publish(kafka.as_user("producers"), "lots", b"a lot")
    subscription = KafkaSubscription(kafka.as_user("orders"), ORDERS.group, ORDERS.consumes)
    records = []
    while not records:
        records += subscription.poll(1.0, 10)
    subscription.commit()
    subscription.close()

    assert [record.value for record in records] == [b"a lot"]
    assert lags(kafka.as_user(ADMIN), [ORDERS.group])[ORDERS.group]["lots"] == 0
    assert counts(kafka.as_user(ADMIN), ["lots"]) == {"lots": 1}


def test_who_does_not_sign_in_as_the_broker_wants_is_refused_in_a_sentence_without_the_password(
    kafka: SecureKafka,
) -> None:
    hasty = replace(kafka, brokers=replace(kafka.brokers, patience_ms=3_000))
    strangers = {
        "as 'orders' by SCRAM-SHA-512 over SASL_SSL": hasty.as_user("orders", WRONG),
        "as 'nobody' by SCRAM-SHA-512 over SASL_SSL": replace(hasty.as_user(ADMIN), username="nobody"),
        "as 'orders' by PLAIN over SASL_SSL": replace(hasty.as_user("orders"), mechanism="PLAIN"),
        "in over PLAINTEXT": Brokers(address=kafka.brokers.address, patience_ms=3_000),
    }
    acts = (
        lambda: publish(hasty.as_user("orders", WRONG), "orders"),
        lambda: KafkaSubscription(hasty.as_user("orders", WRONG), ORDERS.group, ["lots"]),
        # No authority that this machine trusts vouches for the broker, so it is not told the password.
        lambda: counts(replace(hasty.as_user("orders"), cafile=""), ["lots"]),
        *(lambda where=where: ensure_topics(where, all_topics(1)) for where in strangers.values()),
    )

    with ThreadPoolExecutor(len(acts)) as pool:  # each takes as long as Kafka's client has patience
        said = list(pool.map(refusal, acts))

    assert all("does not let us in" in each and "KAFKA_SECURITY_PROTOCOL" in each for each in said)
    assert all(who in each for who, each in zip(strangers, said[3:], strict=True))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_tell_what_is_anothers(kafka: SecureKafka, service: str) -> None:
    own = {"producers": ("lots", "reservations"), "orders": ("orders",), "logistics": ("jobs",)}
    for other in own.keys() - {service}:
        for topic in own[other]:
            assert "does not allow" in refusal(lambda topic=topic: publish(kafka.as_user(service), topic))
    for topic in own[service]:
        publish(kafka.as_user(service), topic)


def test_a_service_reads_only_what_it_is_to_hear_and_only_as_itself(kafka: SecureKafka) -> None:
    assert "not for this user" in refusal(lambda: KafkaSubscription(kafka.as_user("logistics"), "schakel-x", ["lots"]))

    other = KafkaSubscription(kafka.as_user("logistics"), ORDERS.group, ["jobs"])
    said = refusal(lambda: [other.poll(1.0, 10) for _ in range(20)])
    other.close()

    assert "does not allow" in said


def test_a_service_puts_what_it_cannot_read_with_the_dead_letters(kafka: SecureKafka) -> None:
    publish(kafka.as_user("orders"), "lots.dlq", b"not an event")

    assert [record.value for record in read_topic(kafka.as_user(ADMIN), "lots.dlq")] == [b"not an event"]
    assert read_topic(kafka.as_user("logistics"), "lots.dlq") == []


def test_who_shows_the_certificate_that_a_broker_wants_gets_in_without_a_password(kafka: SecureKafka) -> None:
    publish(kafka.mutual, "jobs")
    stranger = replace(kafka.mutual, certfile="", keyfile="", patience_ms=3_000)

    assert counts(kafka.mutual, ["jobs"])["jobs"] >= 1
    assert "does not let us in over SSL" in refusal(lambda: counts(stranger, ["jobs"]))
