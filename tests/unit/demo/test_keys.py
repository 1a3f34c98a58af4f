from pathlib import Path

import pytest

from deploy.hub.demo.baskets import Item, Plan
from deploy.hub.demo.keys import KeyRing
from deploy.hub.demo.plans import PlanBook
from shared.errors import NeverError

WINDOW = {"start": "2030-01-02T07:00:00+01:00", "end": "2030-01-02T12:00:00+01:00"}
PLAN = Plan(
    file="abc", window=WINDOW, shelf={"melk": (Item(lot_id="lot-1", pack_id="p1", producer_id="1", size=1_000),)}
)


def test_a_key_is_kept_for_a_later_run(tmp_path: Path) -> None:
    KeyRing(tmp_path / "demo" / "keys.json").put("1900100138", "secret")

    assert KeyRing(tmp_path / "demo" / "keys.json").get("1900100138") == "secret"
    assert KeyRing(tmp_path / "demo" / "keys.json").get("1900200108") is None


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    KeyRing(tmp_path / "keys.json").put("1900100138", "secret")

    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_file_of_keys_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{", encoding="utf-8")

    with pytest.raises(NeverError, match=r"keys\.json cannot be read"):
        KeyRing(tmp_path / "keys.json")


def test_a_plan_serves_until_its_window_begins(tmp_path: Path) -> None:
    book = PlanBook(tmp_path)
    book.keep(PLAN)

    assert book.find("abc", "2030-01-02T05:59:59.999Z") == PLAN
    assert book.find("abc", "2030-01-02T06:00:00.000Z") is None
    assert book.find("other", "2030-01-01T00:00:00.000Z") is None


def test_a_plan_that_was_written_by_half_is_none(tmp_path: Path) -> None:
    (tmp_path / "baskets-abc.json").write_text('{"file": "abc"', encoding="utf-8")

    assert PlanBook(tmp_path).find("abc", "2030-01-01T00:00:00.000Z") is None
