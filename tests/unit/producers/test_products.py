from dataclasses import replace

import pytest

from services.producers.domain.product import change, create
from shared.errors import InvalidError
from shared.values import Product, Storage
from tests.unit.producers.given import CARROTS, own_product


def test_a_product_is_made_as_it_is_described() -> None:
    product, events = create(None, own_product())

    assert product == own_product()
    assert events == ()


def test_a_product_made_twice_under_one_id_stays_the_first() -> None:
    first = own_product()

    again, _ = create(first, own_product(replace(CARROTS, name="Pastinaak")))

    assert again == first


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(CARROTS, name=" "), "wrong_name"),
        (replace(CARROTS, name="x" * 121), "wrong_name"),
        (replace(CARROTS, kind="gold"), "unknown_kind"),
        (replace(CARROTS, unit="kg"), "unknown_unit"),  # type: ignore[arg-type]  # not a unit
        (replace(CARROTS, vat_percent=7), "unknown_vat_rate"),
        (replace(CARROTS, allergens=("dust",)), "unknown_allergen"),
        (replace(CARROTS, allergens=("milk", "milk")), "allergen_twice"),
        (replace(CARROTS, storage=Storage(kind="ambient", max_celsius=7)), "temperature_not_used"),
        (replace(CARROTS, storage=Storage(kind="chilled")), "wrong_temperature"),
        (replace(CARROTS, storage=Storage(kind="chilled", max_celsius=25)), "wrong_temperature"),
        (replace(CARROTS, storage=Storage(kind="frozen", max_celsius=4)), "wrong_temperature"),
    ],
)
def test_an_impossible_product_is_refused(wrong: Product, code: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        create(None, own_product(wrong))

    assert refusal.value.code == code


@pytest.mark.parametrize(
    "storage",
    [Storage(kind="ambient"), Storage(kind="chilled", max_celsius=4), Storage(kind="frozen", max_celsius=-18)],
)
def test_goods_are_kept_ambient_chilled_or_frozen(storage: Storage) -> None:
    product, _ = create(None, own_product(replace(CARROTS, storage=storage)))

    assert product.product.storage == storage


def test_a_product_can_be_described_otherwise() -> None:
    better = replace(CARROTS, allergens=("celery",), organic=True)

    changed, _ = change(own_product(), better)

    assert changed.product == better


def test_the_unit_of_a_product_stays() -> None:
    with pytest.raises(InvalidError) as refusal:
        change(own_product(), replace(CARROTS, unit="piece"))

    assert refusal.value.code == "unit_is_fixed"
