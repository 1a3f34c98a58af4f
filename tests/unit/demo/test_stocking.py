from typing import Any

from deploy.hub.demo.parties import read_cast
from deploy.hub.demo.stocking import is_fresh, lot_body

NOW = "2030-01-01T09:00:00.000Z"
MILK = read_cast().farms[0].lots[0]


def lot(best_before: str | None, end: str) -> dict[str, Any]:
    return {"best_before": best_before, "collect": {"end": end}}


def test_a_farm_lists_what_can_be_collected_and_sold_for_some_days() -> None:
    body = lot_body(MILK, "product-1", NOW)

    assert body["lot_code"] == "VOLLE-MELK-20300101"
    assert body["harvested_on"] == "2029-12-31"
    assert body["best_before"] == "2030-01-10"
    assert body["collect"] == {"start": "2030-01-01T05:00:00+01:00", "end": "2030-01-06T20:00:00+01:00"}
    assert body["packs"][0] == {
        "label": "fles 1 l", "size": 1_000, "price_cents": 108, "grams": 1_070, "per_crate": 12, "by_weight": False,
    }  # fmt: skip


def test_a_lot_is_fresh_as_long_as_it_can_be_ordered_for_tomorrow() -> None:
    assert is_fresh(lot("2030-01-02", "2030-01-02T20:00:00+01:00"), NOW)
    assert is_fresh(lot(None, "2030-01-02T20:00:00+01:00"), NOW)
    assert not is_fresh(lot("2030-01-01", "2030-01-02T20:00:00+01:00"), NOW)
    assert not is_fresh(lot("2030-01-05", "2030-01-02T09:00:00+01:00"), NOW)


def test_every_lot_is_fresh_when_it_is_listed() -> None:
    for farm in read_cast().farms:
        for each in farm.lots:
            assert is_fresh(lot_body(each, "product-1", NOW), NOW), each.ware
