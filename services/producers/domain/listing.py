"""What a farmer does with a lot: list it, change it, withdraw it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.producers.domain.lot import Decided, Lot
from services.producers.domain.pack import STOCK_MAX, PackDraft, make_packs, within
from services.producers.domain.product import OwnProduct
from services.producers.domain.telling import snapshot, tell
from shared.errors import ConflictError, InvalidError
from shared.events.lots import LotListed, LotWithdrawn
from shared.values import Place, Product, Window

LOT_CODE_LENGTH = 40
LATEST = "2200-01-01T00:00:00.000Z"  # what is later cannot be meant, nor be shown in every calendar


@dataclass(frozen=True, kw_only=True)
class LotDraft:
    """A lot as its producer describes it; dates are `YYYY-MM-DD`, stock is in base units."""

    id: str
    own: OwnProduct
    own_version: int
    producer_name: str
    lot_code: str
    harvested_on: str | None
    best_before: str | None
    stock: int
    packs: tuple[PackDraft, ...]
    place: Place
    collect: Window
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class LotChange:
    """What becomes different; None leaves a thing as it is. `listed` is the new total, in base units."""

    packs: tuple[PackDraft, ...] | None = None
    listed: int | None = None
    place: Place | None = None
    collect: Window | None = None
    best_before: str | None = None


def list_lot(existing: Lot | None, draft: LotDraft, now: str) -> Decided:
    """A lot on offer; one that exists under this id is left as it is. Raises InvalidError."""
    if existing:
        return existing, ()
    if not draft.lot_code.strip() or len(draft.lot_code) > LOT_CODE_LENGTH:
        raise InvalidError("wrong_lot_code", f"A lot code has 1 to {LOT_CODE_LENGTH} characters.", field="lot_code")
    within(draft.stock, STOCK_MAX, "wrong_stock", "stock")
    _check_dates(draft.harvested_on, draft.best_before, now)
    _check_window(draft.collect, now)
    lot = _lot(draft, now)
    return tell(lot, lot, (LotListed(lot_id=lot.id, lot=snapshot(lot)),), now)


def _lot(draft: LotDraft, now: str) -> Lot:
    packs = make_packs(draft.packs, draft.own.product.unit, {})
    return Lot(
        id=draft.id,
        producer_id=draft.own.producer_id,
        producer_name=draft.producer_name,
        product_id=draft.own.id,
        product=draft.own.product,
        product_version=draft.own_version,
        lot_code=draft.lot_code,
        harvested_on=draft.harvested_on,
        best_before=draft.best_before,
        packs=packs,
        place=draft.place,
        collect=draft.collect,
        listed=draft.stock,
        told=draft.stock,
        sizes={pack.id: pack.size for pack in packs},
        created_at=now,
        page_key=f"{now}/{draft.id}",
        fingerprint=draft.fingerprint,
    )


def change(lot: Lot, wanted: LotChange, now: str) -> Decided:
    """The lot with what is wanted, all of it or nothing.

    Raises ConflictError where the lot is withdrawn or the stock is needed, InvalidError for impossible values.
    """
    if lot.status == "withdrawn":
        raise ConflictError("lot_withdrawn", "The lot is withdrawn for good: list a new one.")
    changed = _with_packs(lot, wanted.packs)
    if wanted.listed is not None:
        changed = _with_listed(changed, wanted.listed)
    if wanted.collect is not None and wanted.collect != lot.collect:
        _check_window(wanted.collect, now)
        changed = replace(changed, collect=wanted.collect)
    if wanted.best_before is not None:
        _check_dates(lot.harvested_on, wanted.best_before, now)
        changed = replace(changed, best_before=wanted.best_before)
    changed = replace(changed, place=wanted.place or lot.place)
    return tell(lot, changed, (), now)


def adopt(lot: Lot, product: Product, version: int, now: str) -> Decided:
    """The lot with its product as this later version describes it: an allergen's correction must reach it."""
    if lot.status == "withdrawn" or version <= lot.product_version:
        return lot, ()
    return tell(lot, replace(lot, product=product, product_version=version), (), now)


def withdraw(lot: Lot) -> Decided:
    """No longer on offer, for good: what is free is withdrawn, what is reserved stays so."""
    if lot.status == "withdrawn":
        return lot, ()
    gone = replace(lot, status="withdrawn", revision=lot.revision + 1)
    return gone, (LotWithdrawn(lot_id=lot.id, revision=gone.revision),)


def _with_packs(lot: Lot, drafts: Sequence[PackDraft] | None) -> Lot:
    if drafts is None:
        return lot
    packs = make_packs(drafts, lot.product.unit, lot.sizes)
    return replace(lot, packs=packs, sizes={**lot.sizes, **{pack.id: pack.size for pack in packs}})


def _with_listed(lot: Lot, listed: int) -> Lot:
    within(listed, STOCK_MAX, "wrong_stock", "listed")
    needed = lot.listed - lot.free
    if listed < needed:
        raise ConflictError(
            "stock_is_needed",
            f"{needed} of {lot.listed} base units are reserved, collected or lost: list {needed} or more.",
            field="listed",
        )
    return replace(lot, listed=listed)


def _check_dates(harvested_on: str | None, best_before: str | None, now: str) -> None:
    if best_before and best_before < now[:10]:
        raise InvalidError("best_before_over", "What is past its best-before day is not sold.", field="best_before")
    if harvested_on and best_before and best_before < harvested_on:
        raise InvalidError(
            "best_before_harvest", "Goods cannot be best before they are harvested.", field="best_before"
        )


def _check_window(window: Window, now: str) -> None:
    if window.end <= window.start:
        raise InvalidError("window_reversed", "The window must end after it starts.", field="collect.end")
    if window.end <= now:
        raise InvalidError("window_over", "The window is over: give one that ends in the future.", field="collect.end")
    if window.end > LATEST:
        raise InvalidError("window_too_far", f"The window must end before {LATEST[:10]}.", field="collect.end")
