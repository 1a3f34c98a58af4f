from typing import Any

import pytest

from deploy.hub.demo.handing import allows, hand_over, scales


def job(kind: str, *counts: int, by_weight: bool = False) -> dict[str, Any]:
    return {
        "kind": kind,
        "storage": [{"kind": "ambient", "max_celsius": None}, {"kind": "chilled", "max_celsius": 4}],
        "lines": [
            {"line_id": str(number), "count": count, "by_weight": by_weight} for number, count in enumerate(counts, 1)
        ],
    }


def test_all_packs_are_handed_over_as_they_are_there() -> None:
    body = hand_over(job("deliver", 3, 0, 2))

    assert body["lines"] == [{"line_id": "1", "count": 3}, {"line_id": "3", "count": 2}]
    assert body["celsius"] == 3


def test_goods_that_are_not_kept_cold_are_not_measured() -> None:
    assert "celsius" not in hand_over({**job("collect", 1), "storage": [{"kind": "ambient", "max_celsius": None}]})


def test_a_collection_may_find_one_pack_less_which_is_gone() -> None:
    body = hand_over(job("collect", 2, 5), "finds_less")

    assert body["lines"][1] == {"line_id": "2", "count": 4}
    assert body["short_stock"] == "gone"


def test_a_line_may_be_refused_at_the_door_and_goes_back() -> None:
    body = hand_over(job("deliver", 2, 5), "refused_at_the_door")

    assert [each["count"] for each in body["lines"]] == [0, 5]
    assert body["short_stock"] == "back"


@pytest.mark.parametrize(
    ("twist", "fitting", "not_fitting"),
    [
        ("finds_less", job("collect", 2), job("collect", 1)),
        ("finds_less", job("collect", 2), job("collect", 2, by_weight=True)),
        ("refused_at_the_door", job("deliver", 1, 1), job("deliver", 1)),
        ("refused_at_the_door", job("deliver", 1, 1), job("pack", 1, 1)),
        ("breaks_down", job("collect", 1), job("deliver", 1)),
        ("nobody_there", job("deliver", 1), job("collect", 1)),
    ],
)
def test_only_what_can_happen_to_a_job_happens(twist: Any, fitting: Any, not_fitting: Any) -> None:
    assert allows(fitting, twist)
    assert not allows(not_fitting, twist)


def test_scales_say_a_few_per_cent_more_or_less() -> None:
    assert {abs(scales(10_000, place) - 10_000) <= 400 for place in range(10)} == {True}
    assert scales(1, 3) == 1
