"""The broker that `schakel up` starts: real, on free ports, in a folder of the test's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.hub import dead, jars, kafka
from deploy.hub.kafka import Broker
from deploy.hub.ports import Ports
from shared.bus.kafka import KafkaPublisher, KafkaSubscription
from shared.bus.port import Parcel
from shared.bus.topics import all_topics, counts, ensure_topics, lags, read_topic
from shared.errors import BusUnavailableError
from tests.servers import free_ports, has_topics, program, wait_until

pytestmark = pytest.mark.servers


def on_free_ports(broker: Broker) -> Broker:
    port, controller = free_ports(2)
    return replace(broker, ports=Ports(kafka=port, controller=controller))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Broker:
    folder = tmp_path_factory.mktemp("a broker é")
    files = tuple(jars.fetch(jars.read_pinned(), jars.cache_folder(), lambda _done, _of, _name: None))
    return on_free_ports(Broker(data=folder / "data", run=folder, ports=Ports(), jars=files))


def started(broker: Broker) -> "program":
    kafka.prepare(broker)
    return program(broker.argv, broker.run / "kafka.log", kafka.ENVIRONMENT)


@pytest.fixture(scope="module")
def bootstrap(broker: Broker) -> Iterator[str]:
    with started(broker):
        wait_until(lambda: has_topics(broker.bootstrap), "the broker answers")
        yield broker.bootstrap


def publish(bootstrap: str, topic: str, count: int, headers: tuple[tuple[str, str], ...] = ()) -> None:
    publisher = KafkaPublisher(bootstrap)
    parcels = [
        Parcel(topic=topic, key=f"key-{number}", value=b"%d" % number, headers=headers) for number in range(count)
    ]
    publisher.publish(parcels)
    publisher.close()


def test_every_topic_and_its_dead_letters_are_made_once(bootstrap: str) -> None:
    known = counts(bootstrap, [spec.name for spec in all_topics(3)])

    assert set(known) == {spec.name for spec in all_topics(3)}
    assert ensure_topics(bootstrap, all_topics(3)) == []


def test_the_lag_of_a_group_is_what_it_has_yet_to_read(bootstrap: str) -> None:
    publish(bootstrap, "lots", 30)
    subscription = KafkaSubscription(bootstrap, "schakel-test", ["lots"])
    read = 0
    while read < 10:
        read += len(subscription.poll(1.0, 10 - read))
    subscription.commit()
    subscription.close()

    assert lags(bootstrap, ["schakel-test", "schakel-unknown"]) == {"schakel-test": {"lots": 20}, "schakel-unknown": {}}


def test_a_dead_letter_goes_back_to_its_topic_once_however_often_that_is_asked(bootstrap: str) -> None:
    publish(bootstrap, "jobs.dlq", 2, headers=(("reason", "It cannot be read."),))

    letter = dead.find(bootstrap, "jobs:0:1")
    sent = dead.replay(bootstrap, letter), dead.replay(bootstrap, dead.find(bootstrap, "jobs:0:1"))

    assert sent == (True, False)
    assert letter.reasons == ("It cannot be read.",)
    assert [each.replayed for each in dead.letters(bootstrap, "jobs")] == [False, True]
    assert [(record.key, record.value) for record in read_topic(bootstrap, "jobs")] == [("key-1", b"1")]


def test_letters_of_several_services_about_one_record_are_one(bootstrap: str) -> None:
    origin = (("topic", "orders"), ("partition", "2"), ("offset", "7"))
    for reason in ("It cannot be read.", "It cannot be read.", "No such order."):
        publish(bootstrap, "orders.dlq", 1, headers=(("reason", reason), *origin))

    (letter,) = dead.letters(bootstrap, "orders")

    assert (letter.id, letter.origin) == ("orders:0:0", "orders:2:7")
    assert letter.reasons == ("It cannot be read.", "No such order.")


def test_what_it_acknowledged_is_there_after_a_kill_and_on_other_ports(broker: Broker) -> None:
    other = on_free_ports(replace(broker, data=broker.data / "other", run=broker.run / "other"))
    other.run.mkdir()
    with started(other) as process:
        wait_until(lambda: has_topics(other.bootstrap), "the broker answers")
        publish(other.bootstrap, "orders", 500)
        process.kill()
    moved = on_free_ports(other)
    with started(moved):
        wait_until(lambda: has_topics(moved.bootstrap), "the broker answers again")

        records = read_topic(moved.bootstrap, "orders")

    assert sorted(int(record.value) for record in records) == list(range(500))


def test_it_stops_when_it_is_told_to(broker: Broker) -> None:
    other = on_free_ports(replace(broker, data=broker.data / "third", run=broker.run / "third"))
    other.run.mkdir()
    with started(other) as process:
        wait_until(lambda: has_topics(other.bootstrap), "the broker answers")
        process.terminate()

        assert process.wait(30) in (0, 143)


def test_a_broker_that_is_not_there_is_said_to_be_unavailable() -> None:
    with pytest.raises(BusUnavailableError):
        ensure_topics(f"127.0.0.1:{free_ports(1)[0]}", all_topics(1))
