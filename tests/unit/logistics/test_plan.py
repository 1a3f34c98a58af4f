from dataclasses import replace

from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.logistics.domain.plan import pay, plan, storage_needs
from shared.events.orders import ConfirmedLine
from shared.geo import road_metres
from shared.hub import Rate
from shared.values import Storage, Window
from tests.unit.logistics.given import AARSCHOT, CHEESE, HEVERLEE, LEEK, MILK, ORDER, PACKED, TERMS, TIENEN, tasks


def test_an_order_of_two_farms_needs_two_collections_and_one_delivery() -> None:
    assert list(tasks()) == ["order-1.collect.0100000001", "order-1.collect.0100000002", "order-1.deliver"]


def test_a_packed_order_needs_a_packing_between_collections_and_delivery() -> None:
    found = tasks(PACKED)

    assert list(found)[2:] == ["order-1.pack", "order-1.deliver"]
    assert {task.feeds for task in found.values()} == {"order-1.pack", "order-1.deliver", None}
    assert [each.name for each in found["order-1.pack"].sources] == ["Hoeve Demer", "Dijlebroek"]
    assert [each.name for each in found["order-1.deliver"].sources] == ["the packing"]


def test_without_packing_every_collection_feeds_the_delivery() -> None:
    found = tasks()

    assert [task.feeds for task in found.values()] == ["order-1.deliver", "order-1.deliver", None]
    assert [line.source_id for line in found["order-1.deliver"].lines] == [
        "order-1.collect.0100000001",
        "order-1.collect.0100000001",
        "order-1.collect.0100000002",
    ]


def test_a_collection_has_only_its_farms_lines_with_their_weight_and_crates() -> None:
    task = tasks()["order-1.collect.0100000001"]

    assert [line.id for line in task.lines] == ["1", "2"]
    assert task.grams == 13 * 1_050 + 2 * 2_000
    assert task.crates == 2 + 1


def test_a_collection_goes_from_farm_to_depot_and_a_delivery_from_depot_to_buyer() -> None:
    found = tasks()
    collect, deliver = found["order-1.collect.0100000001"], found["order-1.deliver"]

    assert [stop.role for stop in collect.route] == ["farm", "depot"]
    assert collect.metres == road_metres(AARSCHOT.lat, AARSCHOT.lon, 50.8892, 4.7022)
    assert [stop.role for stop in deliver.route] == ["depot", "buyer"]
    assert deliver.route[1].place == HEVERLEE


def test_packing_is_at_the_depot_and_has_no_way_to_go() -> None:
    task = tasks(PACKED)["order-1.pack"]

    assert [stop.role for stop in task.route] == ["depot"]
    assert task.metres == 0


def test_a_farm_whose_lots_lie_at_two_places_is_visited_at_both() -> None:
    order = replace(ORDER, lines=(MILK, replace(CHEESE, pickup=TIENEN), replace(CHEESE, line_id="4")))
    task = plan(order, TERMS)[0]

    assert [stop.place.town for stop in task.route] == ["Aarschot", "Tienen", "Leuven"]
    assert task.metres == road_metres(50.9841, 4.8365, 50.8075, 4.9378) + road_metres(50.8075, 4.9378, 50.8892, 4.7022)


def test_the_collect_window_is_the_farms_own_where_it_ends_before_the_delivery() -> None:
    assert plan(ORDER, TERMS)[0].window == MILK.collect


def test_the_collect_window_is_cut_to_before_the_delivery() -> None:
    late = replace(MILK, collect=Window(start="2030-01-01T06:00:00.000Z", end="2030-01-05T12:00:00.000Z"))
    task = plan(replace(ORDER, lines=(late,)), TERMS)[0]

    assert task.window == Window(start="2030-01-01T06:00:00.000Z", end=ORDER.window.start)


def test_a_farm_that_opens_within_the_delivery_window_is_collected_before_its_end() -> None:
    late = replace(MILK, collect=Window(start="2030-01-02T07:00:00.000Z", end="2030-01-05T12:00:00.000Z"))
    task = plan(replace(ORDER, lines=(late,)), TERMS)[0]

    assert task.window == Window(start="2030-01-02T07:00:00.000Z", end=ORDER.window.end)


def test_a_farm_that_opens_after_the_delivery_keeps_its_own_window() -> None:
    late = replace(MILK, collect=Window(start="2030-01-03T07:00:00.000Z", end="2030-01-05T12:00:00.000Z"))
    found = plan(replace(PACKED, lines=(late,)), TERMS)

    assert found[0].window == late.collect
    assert found[1].window == ORDER.window


def test_lots_of_one_farm_are_collected_when_all_are_there() -> None:
    other = replace(CHEESE, collect=Window(start="2030-01-01T08:00:00.000Z", end="2030-01-01T18:00:00.000Z"))
    task = plan(replace(ORDER, lines=(MILK, other)), TERMS)[0]

    assert task.window == Window(start="2030-01-01T08:00:00.000Z", end="2030-01-01T12:00:00.000Z")


def test_lots_of_one_farm_that_are_never_there_together_give_the_whole_span() -> None:
    other = replace(CHEESE, collect=Window(start="2030-01-01T13:00:00.000Z", end="2030-01-01T18:00:00.000Z"))
    task = plan(replace(ORDER, lines=(MILK, other)), TERMS)[0]

    assert task.window == Window(start="2030-01-01T06:00:00.000Z", end="2030-01-01T18:00:00.000Z")


def test_packing_may_begin_with_the_first_collection_and_must_end_before_the_delivery() -> None:
    assert tasks(PACKED)["order-1.pack"].window == Window(start=MILK.collect.start, end=ORDER.window.start)


def test_the_delivery_is_in_the_buyers_window() -> None:
    assert tasks()["order-1.deliver"].window == ORDER.window


def test_a_job_needs_each_storage_once_at_its_strictest() -> None:
    kept = [
        Storage(kind="frozen", max_celsius=-18),
        Storage(kind="chilled", max_celsius=7),
        Storage(kind="ambient"),
        Storage(kind="chilled", max_celsius=4),
        Storage(kind="ambient"),
    ]

    assert storage_needs(kept) == (
        Storage(kind="ambient"),
        Storage(kind="chilled", max_celsius=4),
        Storage(kind="frozen", max_celsius=-18),
    )


def test_pay_is_base_and_way_and_weight_and_crates_rounded_half_up_once() -> None:
    rate = Rate(base_cents=400, per_km_cents=45, per_kg_cents=4, per_crate_cents=20)

    assert pay(rate, 10_000, 25_000, 3) == 400 + 450 + 100 + 60
    assert pay(rate, 100, 0, 0) == 405  # 4.5 cents of way
    assert pay(rate, 99, 0, 0) == 404  # 4.455 cents
    assert pay(rate, 50, 563, 0) == 405  # 2.25 and 2.252 cents: neither alone would round up


@hypothesis_given(st.permutations([MILK, CHEESE, LEEK]), st.booleans())
def test_the_order_of_lines_changes_no_weight_way_or_pay(lines: list[ConfirmedLine], packed: bool) -> None:  # noqa: FBT001
    order = replace(ORDER, lines=tuple(lines), packed=packed)
    sums = {
        task.job_id: (task.grams, task.crates, task.metres, task.pay_cents, task.window) for task in plan(order, TERMS)
    }

    expected = tasks(PACKED if packed else ORDER)
    assert sums == {
        key: (each.grams, each.crates, each.metres, each.pay_cents, each.window) for key, each in expected.items()
    }
