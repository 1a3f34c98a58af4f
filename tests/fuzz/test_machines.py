"""Lots, orders, jobs and accounts under any deeds in any order: what never breaks of each of them."""

from collections import defaultdict
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.logistics.domain.goods import about, awaited, shares
from services.logistics.domain.job import FINAL as JOB_FINAL
from services.logistics.domain.job import HELD
from services.logistics.domain.story import story
from services.orders.app.views import full_view
from services.orders.domain.order import FINAL as ORDER_FINAL
from services.orders.domain.order import OPEN
from services.orders.domain.totals import amounts
from shared.accounts.domain import MAX_KEYS
from shared.events.reservations import StockReleased, StockReserved
from shared.store.aggregate import Saved
from tests.fuzz.deeds import Deed, account_deeds, done_to, job_deeds, lot_deeds, order_deeds
from tests.fuzz.effort import budget
from tests.fuzz.states import ACCOUNT, JOBS, LOTS, ORDERS
from tests.fuzz.whole import balances

_RANKS = {status: OPEN.index(status) for status in OPEN} | dict.fromkeys(ORDER_FINAL, len(OPEN))
_RANKS["confirmed_in_part"] = _RANKS["confirmed"]


class Machine(RuleBasedStateMachine):
    """One aggregate; `state` is as the last deed left it, `before` as it found it."""

    state: Any = None
    before: Any = None

    def do(self, deed: Deed) -> None:
        self.before = self.state
        self.state, events = done_to(self.state, deed)
        self.heard(events)

    def heard(self, events: Any) -> None:
        """What was told."""

    @invariant()
    def can_be_stored_and_read_again(self) -> None:
        if self.state is not None:
            assert msgspec.convert(msgspec.to_builtins(self.state), type(self.state)) == self.state


class LotMachine(Machine):
    def __init__(self) -> None:
        super().__init__()
        self.reserved: dict[tuple[str, str, int], int] = defaultdict(int)
        self.released: dict[tuple[str, str, int], int] = defaultdict(int)

    @initialize(lot=st.sampled_from(LOTS))
    def start(self, lot: Any) -> None:
        self.state = lot

    @rule(deed=lot_deeds)
    def deed(self, deed: Deed) -> None:
        self.do(deed)

    def heard(self, events: Any) -> None:
        for each in events:
            if isinstance(each, StockReserved):
                self.reserved[each.order_id, each.line_id, each.attempt] += each.quantity
            elif isinstance(each, StockReleased):
                self.released[each.order_id, each.line_id, each.attempt] += each.quantity

    @invariant()
    def its_account_balances(self) -> None:
        assert self.state is None or balances(self.state)

    @invariant()
    def nothing_comes_back_that_was_not_set_aside(self) -> None:
        assert all(quantity <= self.reserved[each] for each, quantity in self.released.items())

    @invariant()
    def what_is_withdrawn_stays_so(self) -> None:
        if self.before is not None and self.before.status == "withdrawn":
            assert self.state.status == "withdrawn"


class OrderMachine(Machine):
    @initialize(order=st.sampled_from(ORDERS))
    def start(self, order: Any) -> None:
        self.state = order

    @rule(deed=order_deeds)
    def deed(self, deed: Deed) -> None:
        self.do(deed)

    @invariant()
    def its_status_never_goes_back(self) -> None:
        if self.before is None:
            return
        assert _RANKS[self.before.status] <= _RANKS[self.state.status]
        assert self.before.status not in ORDER_FINAL or self.state.status == self.before.status

    @invariant()
    def it_can_be_shown(self) -> None:
        if self.state is not None:
            shown = full_view(Saved(id=self.state.id, version=1, state=self.state))
            assert (shown["waits_for"] is None) == (self.state.status in ORDER_FINAL)
            assert shown["timeline"]

    @invariant()
    def nobody_is_billed_less_than_nothing(self) -> None:
        if self.state is not None:
            assert all(type(each.cents) is int and each.cents >= 0 for each in amounts(self.state).values())


class JobMachine(Machine):
    @initialize(job=st.sampled_from(JOBS))
    def start(self, job: Any) -> None:
        self.state = job

    @rule(deed=job_deeds)
    def deed(self, deed: Deed) -> None:
        self.do(deed)

    @invariant()
    def it_has_a_holder_exactly_while_somebody_works_on_it(self) -> None:
        if self.state is None:
            return
        assert self.state.status not in HELD or self.state.holder_id is not None
        assert self.state.status != "open" or self.state.holder_id is None
        assert (self.state.status == "open") == (self.state.lat is not None)

    @invariant()
    def what_ended_stays_ended_and_is_due_no_more(self) -> None:
        if self.state is not None and self.state.status in JOB_FINAL:
            assert self.state.due_at is None
        if self.before is not None and self.before.status in JOB_FINAL:
            assert self.state.status == self.before.status

    @invariant()
    def it_can_be_told_of(self) -> None:
        if self.state is not None:
            assert all(goods.count > 0 for goods in about(self.state)["lines"])
            assert len(shares(self.state)) <= len(self.state.work.lines)
            assert story(self.state)
            assert awaited(self.state) is not None


class AccountMachine(Machine):
    @initialize(account=ACCOUNT)
    def start(self, account: Any) -> None:
        self.state = account

    @rule(deed=account_deeds)
    def deed(self, deed: Deed) -> None:
        self.do(deed)

    @invariant()
    def it_has_few_keys(self) -> None:
        assert self.state is None or len([key for key in self.state.keys if key.revoked_at is None]) <= MAX_KEYS

    @invariant()
    def it_stays_the_same_party(self) -> None:
        if self.before is not None:
            assert (self.state.kbo, self.state.registered_at) == (self.before.kbo, self.before.registered_at)


class TestLot(LotMachine.TestCase):  # type: ignore[misc,valid-type]  # hypothesis makes the class
    settings = budget(60, steps=25)


class TestOrder(OrderMachine.TestCase):  # type: ignore[misc,valid-type]  # as above
    settings = budget(60, steps=25)


class TestJob(JobMachine.TestCase):  # type: ignore[misc,valid-type]  # as above
    settings = budget(60, steps=25)


class TestAccount(AccountMachine.TestCase):  # type: ignore[misc,valid-type]  # as above
    settings = budget(30, steps=30)


pytestmark = pytest.mark.fuzz
