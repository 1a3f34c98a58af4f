"""What was told of a lot last can be told again, whatever happened to it since."""

from services.producers.domain.listing import LotChange, change, list_lot, withdraw
from services.producers.domain.stock import reserve
from services.producers.domain.telling import tell_again
from shared.events.lots import LotChanged, LotWithdrawn
from tests.unit.producers.given import NOW, a_lot, asks, draft, line


def test_a_new_lot_is_told_again_as_it_was_listed() -> None:
    lot, (listed,) = list_lot(None, draft(), NOW)

    assert tell_again(lot) == (LotChanged(lot_id=lot.id, lot=listed.lot),)


def test_stock_that_was_not_worth_telling_is_not_told_again_either() -> None:
    lot, events = reserve(a_lot(), asks(line(1)), NOW)
    (again,) = tell_again(lot)

    assert LotChanged not in [type(each) for each in events]
    assert (again.lot.available, lot.available) == (20_000, 19_000)


def test_a_change_is_told_again_with_its_revision() -> None:
    lot, (changed,) = change(a_lot(), LotChange(listed=50_000), NOW)

    assert tell_again(lot) == (changed,)


def test_a_withdrawn_lot_is_told_again_as_it_was_before_and_then_withdrawn() -> None:
    lot, (changed,) = change(a_lot(), LotChange(listed=50_000), NOW)
    gone, (withdrawn,) = withdraw(lot)

    assert tell_again(gone) == (changed, withdrawn)
    assert isinstance(withdrawn, LotWithdrawn)
