"""What schemathesis does not vary much: headers that steer a request, and the cursors of lists."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chain import ok
from tests.fuzz.effort import budget
from tests.fuzz.town import Town
from tests.setups import CARROTS

NAMES = ("traceparent", "If-Match", "Idempotency-Key", "Authorization", "Content-Type", "Accept", "X-Forwarded-For")
LISTS = {
    "farm": ("/v1/lots", "/v1/products", "/v1/reservations", "/v1/reservations?status=collected"),
    "shop": ("/v1/offers", "/v1/orders"),
    "van": ("/v1/board", "/v1/jobs"),
}
_LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=300)
_KNOWN = (
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-" + "F" * 32 + "-" + "0" * 16 + "-zz",
    '"1"',
    'W/"1"',
    "*",
    '"1", "2"',
    "²",
    "Bearer ",
    "Bearer producer_1_2_3",
    "Basic eDp5",
    "application/json; charset=utf-16",
    "9" * 200,
)
values = st.sampled_from(_KNOWN) | _LATIN
headers = st.dictionaries(st.sampled_from(NAMES), values, max_size=4)
cursors = st.text(max_size=201) | st.sampled_from(
    [
        "~",
        "0",
        "2030-01-07T08:00:00.000Z/x",
        "2030-13-07T08:00:00.000Z/x",
        "9" * 9 + "/x/y",
        "1/x",
        "2030-01-07/a/b",
        "٣/x/y",
    ]
)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town()


def is_answered(status: int) -> bool:
    return status in {200, 201, 400, 401, 406, 412, 415, 422}


@budget(200)
@given(said=headers)
def test_no_header_breaks_an_answer(town: Town, said: dict[str, str]) -> None:
    lot = f"/v1/lots/{town.lots[0]}"
    calls: list[tuple[str, str, Any]] = [("POST", "/v1/products", CARROTS), ("PATCH", lot, {"listed": 20_000})]
    for method, path, body in (*calls, ("GET", lot, None)):
        options = {} if body is None else {"json": body}
        answer = town.farm.call(method, path, headers=said, **options)
        assert is_answered(answer.status_code), answer.text
        assert len(answer.headers["traceparent"]) == 55


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in LISTS.items() for path in paths])
@budget(60)
@given(cursor=cursors)
def test_a_cursor_is_taken_or_refused(town: Town, who: str, path: str, cursor: str) -> None:
    name, _, query = path.partition("?")
    party = getattr(town, who)

    answer = party.get(name, cursor=cursor, **dict([query.split("=")] if query else []))

    assert answer.status_code in {200, 422}, answer.text


def test_the_lists_are_there(town: Town) -> None:
    assert all(ok(getattr(town, who).get(path.partition("?")[0])) for who, paths in LISTS.items() for path in paths)
