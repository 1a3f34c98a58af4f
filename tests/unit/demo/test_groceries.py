from pathlib import Path

import pytest

from deploy.hub.demo.groceries import Groceries, read_groceries, tidy
from deploy.hub.demo.parties import read_cast
from shared.errors import NeverError

LOCAL_STAPLES = [
    "whole milk", "rolls/buns", "other vegetables", "yogurt", "root vegetables", "pip fruit", "domestic eggs",
    "brown bread", "butter", "beef", "chicken", "cream cheese ", "fruit/vegetable juice", "honey", "onions",
]  # fmt: skip
FROM_ELSEWHERE = [
    "soda", "napkins", "newspapers", "coffee", "citrus fruit", "tropical fruit", "shopping bags", "canned beer",
    "chocolate", "sugar", "margarine", "UHT-milk", "detergent", "photo/film",
]  # fmt: skip


@pytest.fixture(scope="module")
def groceries() -> Groceries:
    return read_groceries()


@pytest.mark.parametrize("name", LOCAL_STAPLES)
def test_what_farms_make_is_local(groceries: Groceries, name: str) -> None:
    assert groceries.wares_for(name)


@pytest.mark.parametrize("name", FROM_ELSEWHERE)
def test_what_comes_from_far_or_from_a_factory_is_not_local(groceries: Groceries, name: str) -> None:
    assert groceries.wares_for(name) == ()


def test_every_ware_of_the_mapping_is_listed_by_a_farm(groceries: Groceries) -> None:
    listed = set(read_cast().wares.values())

    assert {ware for wares in groceries.local.values() for ware in wares} - listed == set()


def test_capitals_and_spaces_do_not_matter(groceries: Groceries) -> None:
    assert groceries.wares_for("  Whole   MILK ") == ("volle-melk",)
    assert tidy(" Cream\tcheese ") == "cream cheese"


def test_a_name_that_nobody_knows_is_not_local(groceries: Groceries) -> None:
    assert groceries.wares_for("moon dust") == ()
    assert groceries.wares_for("") == ()


def test_a_mapping_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    file = tmp_path / "names.toml"
    file.write_text("[local]\nmilk = 3\n", encoding="utf-8")

    with pytest.raises(NeverError, match=r"names\.toml cannot be used"):
        read_groceries(file)
