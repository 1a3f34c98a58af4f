from collections.abc import Callable

import httpx
import pytest

from deploy.hub.demo import client as module
from deploy.hub.demo.client import AnsweredNoError, Client, UnreachableError

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAITS_S", (0.0, 0.0))


def client(answer: Answer) -> Client:
    return Client(httpx.Client(base_url="http://hub", transport=httpx.MockTransport(answer)), "key")


def test_a_post_whose_answer_got_lost_is_sent_again_with_the_same_key() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        if len(seen) == 1:
            raise httpx.ReadError("lost", request=request)
        return httpx.Response(201, json={"id": "o1"})

    assert client(answer).post("/v1/orders", {"a": 1}, once="once-0001") == {"id": "o1"}
    assert seen == ["once-0001", "once-0001"]


def test_a_hub_that_is_busy_is_asked_again() -> None:
    answers = iter([httpx.Response(503), httpx.Response(200, json={"ok": True})])

    assert client(lambda _request: next(answers)).get("/v1/lots") == {"ok": True}


def test_a_hub_that_never_answers_is_told_in_a_sentence() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(UnreachableError, match="got no answer after 3 tries"):
        client(answer).get("/v1/lots")


def test_a_refusal_is_raised_with_its_code_and_words() -> None:
    problem = {"code": "sold_out", "detail": "There is none left."}

    with pytest.raises(AnsweredNoError, match="sold_out: There is none left") as refusal:
        client(lambda _request: httpx.Response(422, json=problem)).post("/v1/orders")

    assert (refusal.value.status, refusal.value.code, refusal.value.detail) == (422, "sold_out", "There is none left.")


def test_a_refusal_that_is_no_document_is_told_as_it_is() -> None:
    with pytest.raises(AnsweredNoError, match="went wrong"):
        client(lambda _request: httpx.Response(500, text="went wrong")).get("/v1/lots")


def test_lists_are_read_page_by_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "cursor" not in request.url.params:
            return httpx.Response(200, json={"items": [1, 2], "next": "c"})
        return httpx.Response(200, json={"items": [3], "next": None})

    assert list(client(answer).all("/v1/lots", status="on_offer")) == [1, 2, 3]


def test_the_key_is_sent_as_a_bearer() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={})

    client(answer).get("/v1/lots")

    assert seen == ["Bearer key"]
