"""Work and deliveries that cannot be: each is refused with the field at fault, and nothing changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.chain import refused
from tests.contract.market import Market

INVALID = "invalid_values"


@pytest.fixture(scope="module")
def made() -> Market:
    return Market()


@pytest.fixture
def market(made: Market) -> Iterator[Market]:
    made.chain.restore(made.before)
    yield made
    assert made.chain.snapshot() == made.before, "A refusal changed something."


@pytest.mark.parametrize("step", ["claim", "drop", "start", "done", "fail"])
def test_a_job_that_does_not_exist_is_no_job(market: Market, step: str) -> None:
    body = {"drop": {"reason": "x"}, "done": {"by": "An"}, "fail": {"reason": "producer_absent"}}.get(step)

    refused(market.van.post(f"/v1/jobs/nope/{step}", body), 404, "no_such_job")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"by": ""}, INVALID, "by"),
        ({"at": "2030-01-07T09:00:00"}, INVALID, "at"),
        ({"at": "2031-01-01T00:00:00Z"}, "at_in_future", "at"),
        ({"at": "2001-01-01T00:00:00Z"}, "at_too_early", "at"),
        ({"lines": [{"line_id": "9", "count": 1}]}, "no_such_line", "lines.0.line_id"),
        ({"lines": [{"line_id": "1", "count": 3}]}, "more_than_there", "lines.0.count"),
        ({"lines": [{"line_id": "1", "count": -1}]}, INVALID, "lines.0.count"),
        ({"lines": [{"line_id": "1", "count": 2}] * 2}, "line_twice", "lines.1.line_id"),
        ({"lines": [{"line_id": "1", "count": 2, "grams": 2}]}, "grams_not_sane", "lines.0.grams"),
        ({"lines": [{"line_id": "1", "count": 0}]}, "nothing_handed_over", "lines"),
        ({"celsius": 400}, INVALID, "celsius"),
        ({"celsius": "4"}, INVALID, "celsius"),
        ({"crates": -1}, INVALID, "crates"),
        ({"short_stock": "elsewhere"}, INVALID, "short_stock"),
    ],
    ids=str,
)
def test_a_hand_over_that_cannot_be_is_refused(market: Market, change: dict[str, Any], code: str, field: str) -> None:
    refused(market.van.post(f"/v1/jobs/{market.job}/done", {"by": "An", **change}), 422, code, field)


def test_a_reason_that_does_not_exist_is_refused(market: Market) -> None:
    refused(market.van.post(f"/v1/jobs/{market.job}/fail", {"reason": "aliens"}), 422, "no_such_reason", "reason")


def test_more_cannot_be_missing_than_was_delivered(market: Market) -> None:
    path = f"/v1/orders/{market.delivered}/lines"

    refused(market.shop.post(f"{path}/1/short", {"missing": 3}), 422, "missing_out_of_range", "missing")
    refused(market.shop.post(f"{path}/9/short", {"missing": 1}), 404, "no_such_line")


@pytest.mark.parametrize(
    ("tag", "status", "code", "field"),
    [
        ("three", 422, "bad_if_match", "If-Match"),
        ('"-1"', 422, "bad_if_match", "If-Match"),
        (f'"{"9" * 30}"', 422, "bad_if_match", "If-Match"),
        ('W/"1"', 422, "bad_if_match", "If-Match"),
        ('"999"', 412, "changed_meanwhile", None),
    ],
)
def test_a_change_of_another_version_is_refused(
    market: Market, tag: str, status: int, code: str, field: str | None
) -> None:
    refused(market.farm.patch(f"/v1/lots/{market.lot}", {"listed": 30_000}, If_Match=tag), status, code, field)
    refused(market.shop.post(f"/v1/orders/{market.placed}/cancel", {}, If_Match=tag), status, code, field)
    refused(market.van.post(f"/v1/jobs/{market.job}/start", {}, If_Match=tag), status, code, field)
