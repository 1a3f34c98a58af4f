"""What every bus promises: in memory, and on Apache Kafka.

A known difference: a member of the in-memory group that goes away must `close`; Kafka also notices one that was
killed, after its session timeout, or at once where the same static member comes back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from shared import ids
from shared.bus.kafka import KafkaPublisher, KafkaSubscription
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel, Publisher, Record, Subscription
from shared.bus.topics import TopicSpec, ensure_topics
from tests.servers import wait_until
from tests.simulation.bus import SimBus, SimPublisher, SimSubscription
from tests.simulation.trouble import Trouble
from tests.simulation.turns import Turns

HOUR_MS = 3_600_000


@dataclass
class Bus:
    topic: str
    group: str
    publisher: Publisher
    join: Callable[[str, str], Subscription]
    members: list[Subscription] = field(default_factory=list)

    def subscribe(self, group: str = "", instance: str = "") -> Subscription:
        member = self.join(group or self.group, instance)
        self.members.append(member)
        return member

    def publish(self, *pairs: tuple[str, str]) -> None:
        self.publisher.publish([Parcel(topic=self.topic, key=key, value=text.encode()) for key, text in pairs])


@pytest.fixture(params=["memory", "simulated", pytest.param("kafka", marks=pytest.mark.servers)])
def bus(request: pytest.FixtureRequest) -> Iterator[Bus]:
    topic, group = f"t-{ids.new_id()[:8]}", f"g-{ids.new_id()[:8]}"
    if request.param == "memory":
        broker = MemoryBroker(partitions=4)
        made = Bus(topic, group, broker, lambda name, _: broker.subscribe(name, [topic]))
    elif request.param == "simulated":
        simulated = SimBus(Trouble(Turns(), lambda *_: None), lambda: None)
        simulated.orderly = True
        publisher = SimPublisher(simulated, "any")
        made = Bus(topic, group, publisher, lambda name, _: SimSubscription(simulated, "any", name, [topic]))
    else:
        bootstrap = request.getfixturevalue("kafka_bootstrap")
        ensure_topics(bootstrap, [TopicSpec(name=topic, partitions=4, retention_ms=HOUR_MS)])
        made = Bus(
            topic,
            group,
            KafkaPublisher(bootstrap),
            lambda name, instance: KafkaSubscription(bootstrap, name, [topic], instance),
        )
    yield made
    for member in made.members:
        member.close()
    made.publisher.close()


def read(members: Sequence[Subscription], count: int) -> list[Record]:
    """Polls all members in turn until so many records came."""
    records: list[Record] = []

    def enough() -> bool:
        for member in members:
            records.extend(member.poll(0.05, 100))
        return len(records) >= count

    wait_until(enough, f"{count} records arrive", 20)
    return records


def texts(records: Sequence[Record]) -> list[str]:
    return [each.value.decode() for each in records]


def test_what_is_published_arrives_with_its_key_headers_and_place(bus: Bus) -> None:
    parcel = Parcel(topic=bus.topic, key="k", value=b"\x00\xff prei", headers=(("reason", "té laat"),))
    bus.publisher.publish([parcel])

    (record,) = read([bus.subscribe()], 1)

    assert (record.topic, record.key, record.value, record.headers) == (bus.topic, "k", parcel.value, parcel.headers)
    assert record.offset == 0


def test_records_of_one_key_keep_their_order(bus: Bus) -> None:
    bus.publish(*[(f"k{n % 5}", f"{n:03}") for n in range(200)])

    records = read([bus.subscribe()], 200)

    for key in {each.key for each in records}:
        mine = [each.value for each in records if each.key == key]
        assert mine == sorted(mine)
        assert len(mine) == 40


def test_a_group_gets_each_record_once_and_another_group_gets_them_too(bus: Bus) -> None:
    bus.publish(*[(str(n), str(n)) for n in range(20)])

    one, other = read([bus.subscribe()], 20), read([bus.subscribe("other-" + bus.group)], 20)

    assert sorted(texts(one)) == sorted(texts(other)) == sorted(map(str, range(20)))


def test_what_was_polled_and_not_committed_is_delivered_again_after_a_crash(bus: Bus) -> None:
    bus.publish(("k", "first"))
    member = bus.subscribe()
    read([member], 1)
    member.commit()
    bus.publish(("k", "second"))
    read([member], 1)

    member.close()
    again = read([bus.subscribe()], 1)

    assert texts(again) == ["second"]


def test_another_member_of_the_group_takes_over_the_partitions_of_one_that_left(bus: Bus) -> None:
    first, second = bus.subscribe(), bus.subscribe()
    bus.publish(*[(f"k{n}", f"a{n}") for n in range(40)])
    before = read([first, second], 40)
    first.commit()
    second.commit()

    first.close()
    bus.publish(*[(f"k{n}", f"b{n}") for n in range(40)])
    after = read([second], 40)

    assert sorted(texts(before)) == sorted(f"a{n}" for n in range(40))
    assert set(texts(after)) == {f"b{n}" for n in range(40)}


def test_a_group_can_be_replayed_from_the_start(bus: Bus) -> None:
    bus.publish(*[("k", str(n)) for n in range(10)])
    member = bus.subscribe()
    read([member], 10)
    member.commit()

    member.replay()

    assert texts(read([member], 10)) == [str(n) for n in range(10)]


def test_a_poll_keeps_to_its_limit_and_loses_nothing(bus: Bus) -> None:
    bus.publish(*[("k", str(n)) for n in range(30)])
    member = bus.subscribe()
    sizes: list[int] = []
    found: list[str] = []

    def all_there() -> bool:
        records = member.poll(0.05, 7)
        sizes.append(len(records))
        found.extend(texts(records))
        return len(found) >= 30

    wait_until(all_there, "all 30 records arrive")

    assert max(sizes) <= 7
    assert found == [str(n) for n in range(30)]


def test_a_poll_of_nothing_is_empty(bus: Bus) -> None:
    assert list(bus.subscribe().poll(0.01, 10)) == []


def test_publishing_nothing_is_harmless(bus: Bus) -> None:
    bus.publisher.publish([])


def test_a_record_that_no_one_can_read_is_a_record_like_any_other(bus: Bus) -> None:
    bus.publish(("k", "good"))
    bus.publisher.publish([Parcel(topic=bus.topic, key="k", value=b"\xff\xfe{{{")])
    bus.publish(("k", "good too"))

    records = read([bus.subscribe()], 3)

    assert [each.value for each in records] == [b"good", b"\xff\xfe{{{", b"good too"]
