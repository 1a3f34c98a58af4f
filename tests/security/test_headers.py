"""What stands around every answer: headers that give a browser nothing to do, and none that tell what others may."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from deploy.hub.web import Front
from shared.config import Settings
from shared.http.app import MAX_JSON_BYTES
from shared.http.limits import Limits
from tests.chain import NOUNS, Chain, Party, refused
from tests.setups import buyer

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
ASSET = "/docs/assets/swagger-ui-bundle.js"


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


def nobody(chain: Chain, service: str = "orders") -> Party:
    return Party(chain=chain, service=service, id="", key="")


def _answers(chain: Chain, service: str) -> dict[str, TestResponse]:
    """One of each kind that there is."""
    operator, none = chain.operators[service], nobody(chain, service)
    accounts = f"/v1/{NOUNS[service]}"
    return {
        "success": operator.get(accounts),
        "health": none.get("/healthz"),
        "metrics": operator.get("/metrics"),
        "description": none.get("/openapi.json"),
        "page": none.get("/docs"),
        "asset": none.get(ASSET),
        "no key": none.get(accounts),
        "no such thing": operator.get(f"{accounts}/0403170701"),
        "no such address": none.get("/nowhere"),
        "no such method": operator.call("PUT", accounts),
        "no body": none.post(accounts, {}),
        "options": none.call("OPTIONS", accounts),
        "head": operator.call("HEAD", accounts),
    }


@pytest.mark.parametrize("service", NOUNS)
def test_every_answer_has_the_headers_that_protect_it(chain: Chain, service: str) -> None:
    for kind, answer in _answers(chain, service).items():
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, kind
        assert answer.headers["Content-Security-Policy"] == NOTHING or kind == "page"
        assert answer.headers["Cache-Control"] == "no-store" or kind == "asset"


@pytest.mark.parametrize("service", NOUNS)
def test_no_other_site_is_let_in_by_a_browser_and_no_cookie_is_set(chain: Chain, service: str) -> None:
    origin = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answers = [
        nobody(chain, service).call(method, f"/v1/{NOUNS[service]}", headers=origin)
        for method in ("GET", "OPTIONS", "POST")
    ]

    named = [name.lower() for answer in answers for name in answer.headers.keys()]  # noqa: SIM118  # names, not pairs

    assert not [name for name in named if name.startswith("access-control") or name == "set-cookie"]


def test_the_page_of_the_description_runs_its_own_scripts_and_no_other(chain: Chain) -> None:
    page = nobody(chain).get("/docs")
    policy = page.headers["Content-Security-Policy"]
    scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    sums = [b64encode(sha256(script.encode()).digest()).decode() for script in scripts]

    assert len(sums) == 1
    assert f"script-src 'self' 'sha256-{sums[0]}';" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert "unsafe-eval" not in policy
    assert re.findall(r"(?:src|href)=\"((?:https?:)?//[^\"]*)", page.text) == []


def test_over_tls_a_browser_is_told_to_stay_there_and_without_it_is_told_nothing() -> None:
    behind = Chain(settings=Settings(limits=Limits(), trusted_proxies=1))
    told = nobody(behind).call("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})
    plain = nobody(behind).get("/healthz")
    unbelieved = nobody(Chain()).call("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})

    assert told.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "Strict-Transport-Security" not in plain.headers
    assert "Strict-Transport-Security" not in unbelieved.headers


@pytest.mark.parametrize("method", ["PUT", "TRACE", "CONNECT", "PROPFIND", "DELETE"])
def test_a_method_that_is_not_served_is_told_which_are(chain: Chain, method: str) -> None:
    answer = chain.operators["orders"].call(method, "/v1/buyers")

    refused(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "name",
    [
        "../../shared/config.py",
        "%2e%2e/%2e%2e/config.py",
        "..%2f..%2f..%2fetc%2fpasswd",
        "....//....//etc/passwd",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "..\\..\\config.py",
        "swagger-ui.css%00.py",
        "C:/windows/win.ini",
        "",
        ".",
    ],
)
def test_no_file_but_the_pages_own_is_served(chain: Chain, name: str) -> None:
    answer = nobody(chain).get(f"/docs/assets/{name}")

    assert answer.status_code in {404, 308}
    assert "import" not in answer.text
    assert "root:" not in answer.text


def test_the_name_of_the_host_that_a_client_gives_is_never_repeated() -> None:
    chain = Chain()
    shop = buyer(chain)
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answers = [
        shop.call("GET", path, headers=evil) for path in ("/docs", "/openapi.json", "/v1/orders", "/nowhere", "/docs/")
    ]
    answers.append(shop.call("POST", f"{shop.account}/keys", headers=evil))

    assert [answer.request.path for answer in answers if "evil" in f"{answer.headers}{answer.text}"] == []


@pytest.mark.parametrize("depth", [1_000, 50_000, 120_000])
@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_a_body_that_is_nested_without_end_is_refused(chain: Chain, opening: str, depth: int) -> None:
    body = (opening * depth)[: MAX_JSON_BYTES - 1]
    answer = nobody(chain).call("POST", "/v1/buyers", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] in {"too_deep", "not_json"}


def test_a_body_larger_than_a_body_may_be_is_refused_unread(chain: Chain) -> None:
    body = b" " * (MAX_JSON_BYTES + 1)

    refused(nobody(chain).call("POST", "/v1/buyers", data=body, content_type="application/json"), 413, "too_large")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "text/html",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "*/*",
    ],
)
def test_a_body_that_does_not_say_it_is_json_is_not_read_as_json(chain: Chain, kind: str) -> None:
    answer = nobody(chain).call("POST", "/v1/buyers", data=json.dumps({"kbo": "1"}), content_type=kind)

    assert answer.status_code == 415


def test_a_query_of_thousands_of_parameters_is_refused(chain: Chain) -> None:
    query = "&".join(f"a{number}=1" for number in range(20_000))

    assert chain.operators["orders"].call("GET", f"/v1/orders?{query}").status_code == 422


def _service(_environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b""]


@pytest.mark.parametrize(("path", "accept"), [("/", "text/html"), ("/", "application/json"), ("/x", "*/*")])
def test_what_is_answered_outside_the_services_has_the_headers_too(path: str, accept: str) -> None:
    answer = Client(Front({"/orders": _service})).get(path, headers={"Accept": accept})

    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text


def test_a_method_that_is_not_served_outside_the_services_is_told_which_are() -> None:
    answer = Client(Front({"/orders": _service})).post("/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
