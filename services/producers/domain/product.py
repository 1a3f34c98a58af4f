"""A producer's product: what every lot of it has in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.errors import InvalidError
from shared.events.base import Event
from shared.values import ALLERGENS, PRODUCT_KINDS, STORAGE_CLASSES, UNITS, VAT_PERCENTS, Product, Storage

NAME_LENGTH = 120
_CHILLED = range(-5, 16)
_FROZEN = range(-40, -11)


@dataclass(frozen=True, kw_only=True)
class OwnProduct:
    """A product as its producer keeps it.

    `page_key` orders a producer's products by age; `fingerprint` is that of the request that made it.
    """

    id: str
    producer_id: str
    product: Product
    created_at: str
    page_key: str
    fingerprint: str = ""


def create(existing: OwnProduct | None, own: OwnProduct) -> tuple[OwnProduct, Sequence[Event]]:
    """A new product; one that exists under its id is left as it is. Raises InvalidError."""
    if existing:
        return existing, ()
    _check(own.product)
    return own, ()


def change(own: OwnProduct, product: Product) -> tuple[OwnProduct, Sequence[Event]]:
    """The product described otherwise. Its unit stays: packs and stock are counted in it. Raises InvalidError."""
    if product.unit != own.product.unit:
        raise InvalidError(
            "unit_is_fixed", "Packs and stock are counted in the product's unit: make a new product.", field="unit"
        )
    _check(product)
    return replace(own, product=product), ()


def _check(product: Product) -> None:
    _check_name(product.name)
    _one_of(product.kind, PRODUCT_KINDS, "unknown_kind", "kind")
    _one_of(product.unit, UNITS, "unknown_unit", "unit")
    _one_of(product.vat_percent, VAT_PERCENTS, "unknown_vat_rate", "vat_percent")
    _check_allergens(product.allergens)
    _check_storage(product.storage)


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH:
        raise InvalidError("wrong_name", f"Give the product a name of 1 to {NAME_LENGTH} characters.", field="name")


def _one_of(value: str | int, allowed: Sequence[str] | Sequence[int], code: str, field: str) -> None:
    if value not in allowed:
        raise InvalidError(code, f"'{value}' is not known: use one of {_listed(allowed)}.", field=field)


def _check_allergens(allergens: tuple[str, ...]) -> None:
    for each in allergens:
        _one_of(each, ALLERGENS, "unknown_allergen", "allergens")
    if len(set(allergens)) != len(allergens):
        raise InvalidError("allergen_twice", "Name each allergen once.", field="allergens")


def _check_storage(storage: Storage) -> None:
    _one_of(storage.kind, STORAGE_CLASSES, "unknown_storage", "storage.kind")
    if storage.kind == "ambient":
        if storage.max_celsius is not None:
            raise InvalidError(
                "temperature_not_used", "Leave max_celsius out of ambient goods.", field="storage.max_celsius"
            )
        return
    allowed = _CHILLED if storage.kind == "chilled" else _FROZEN
    if storage.max_celsius not in allowed:
        raise InvalidError(
            "wrong_temperature",
            f"Goods that are {storage.kind} need a max_celsius from {allowed[0]} to {allowed[-1]}.",
            field="storage.max_celsius",
        )


def _listed(values: Sequence[str] | Sequence[int]) -> str:
    return ", ".join(str(each) for each in values)
