"""Time, money, distance and numbers of enterprises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import clock, geo, kbo, money
from shared.errors import InvalidError


def test_a_time_with_any_offset_becomes_one_utc_instant() -> None:
    assert clock.parse("2030-07-01T08:00:00+02:00") == "2030-07-01T06:00:00.000Z"
    assert clock.parse("2030-07-01T06:00:00Z") == "2030-07-01T06:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2030-07-01T08:00:00", "offset_missing"),
        ("2030-07-01", "offset_missing"),
        ("morgen", "not_a_time"),
        ("2030-13-01T08:00:00Z", "not_a_time"),
        ("", "not_a_time"),
        ("0001-01-01T00:00:00+14:00", "not_a_time"),
    ],
)
def test_a_text_that_is_no_time_or_has_no_offset_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        clock.parse(text)

    assert refused.value.code == code


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)])
def test_a_brussels_day_is_as_long_as_summer_time_makes_it(day: str, hours: int) -> None:
    start, end = clock.day_bounds(day)

    assert clock.seconds_between(start, end) == hours * 3_600
    assert clock.brussels_day(start) == day
    assert clock.to_brussels(start).startswith(f"{day}T00:00:00")


@given(st.text(max_size=40))
def test_no_text_makes_the_clock_fail_otherwise_than_by_refusing(text: str) -> None:
    for read in (clock.parse, clock.day_bounds):
        try:
            read(text)
        except InvalidError:
            continue


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_comparing_the_text_of_instants_compares_the_times(one: object, other: object) -> None:
    try:
        first, second = clock.to_instant(one), clock.to_instant(other)  # type: ignore[arg-type]
    except OverflowError:
        return
    assert (first < second) == (clock.to_datetime(first) < clock.to_datetime(second))


def test_vat_is_rounded_once_per_rate_on_the_total() -> None:
    totals = money.vat_totals([(6, 33), (6, 33), (21, 50)])

    assert (totals.net, totals.vat, totals.gross) == (116, {6: 4, 21: 11}, 131)


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_the_nearest_cent(cents: int, numerator: int, denominator: int) -> None:
    shared = money.share(cents, numerator, denominator)

    assert abs(shared * denominator - cents * numerator) * 2 <= denominator


def test_leuven_to_brussels_is_about_thirty_kilometres_by_road() -> None:
    metres = geo.road_metres(50.8798, 4.7005, 50.8467, 4.3525)

    assert 30_000 < metres < 36_000


@given(st.floats(49.5, 51.5), st.floats(2.5, 6.4), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.integers(0, 60_000))
def test_the_box_holds_every_point_within_reach(lat: float, lon: float, up: float, right: float, reach: int) -> None:
    if geo.road_metres(lat, lon, lat + up, lon + right) > reach:
        return
    (south, north), (west, east) = geo.box(lat, lon, reach)

    assert south <= lat + up <= north
    assert west <= lon + right <= east


def test_a_kbo_number_is_known_in_every_way_it_is_written() -> None:
    assert {kbo.clean(text) for text in ("0403170701", "BE 0403.170.701", "be0403170701")} == {"0403170701"}


@given(st.text(max_size=40))
def test_a_wrong_kbo_number_is_refused(text: str) -> None:
    try:
        number = kbo.clean(text)
    except InvalidError:
        return
    assert 97 - int(number[:8]) % 97 == int(number[8:])
