"""docs/openapi is what the services serve, is OpenAPI 3.1, and leaves out nothing that a client must know."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from deploy.docs.made import made
from shared.http.app import routes
from tests.chain import Chain
from tests.contract.doors import DOORS, EVERYBODY, NOUNS

ROOT = Path(__file__).parents[2]
PROBLEM = "application/problem+json"
PLUMBING = ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/assets/{name}")
METHODS = ("get", "post", "put", "patch", "delete")

every_service = pytest.mark.parametrize("service", NOUNS)


@pytest.fixture(scope="module")
def chain() -> Chain:
    return Chain()


def committed(service: str) -> dict[str, Any]:
    text = (ROOT / "docs" / "openapi" / f"{service}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def operations(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """`METHOD path`, and what is said of it."""
    for path, item in committed(service)["paths"].items():
        for method in set(item) & set(METHODS):
            yield f"{method.upper()} {path}", item[method]


def as_path(rule: str) -> str:
    """Flask's way of writing a place in an address → OpenAPI's."""
    return rule.replace("<path:", "<").replace("<", "{").replace(">", "}")


def resolve(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        found: Any = document
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


@every_service
def test_the_committed_document_is_the_one_that_the_app_serves(chain: Chain, service: str) -> None:
    served = chain.apps[service].test_client().get("/openapi.json").json

    assert served == committed(service), "Run `python -m deploy.docs` and commit what it writes."


def test_the_committed_files_are_those_that_are_made() -> None:
    files = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "docs" / "openapi").iterdir()}

    assert files == {name: text for name, text in made().items() if name.startswith("docs/openapi/")}


@every_service
def test_it_is_openapi_3_1(service: str) -> None:
    document = committed(service)

    assert document["openapi"].startswith("3.1.")
    assert [f"{fault.json_path}: {fault.message}" for fault in OpenAPIV31SpecValidator(document).iter_errors()] == []


@every_service
def test_every_route_is_described_and_nothing_else(chain: Chain, service: str) -> None:
    answered = {f"{method} {as_path(rule)}" for method, rule, _ in routes(chain.apps[service])}

    assert answered - {f"GET {path}" for path in PLUMBING} == {name for name, _ in operations(service)}


@every_service
def test_every_operation_says_in_a_sentence_what_it_does(service: str) -> None:
    silent = [name for name, each in operations(service) if not each.get("summary", "").endswith((".", "!"))]

    assert silent == []


@every_service
def test_every_operation_says_the_keys_that_open_its_door(service: str) -> None:
    said = {name: (each.get("security"), each.get("description", "")) for name, each in operations(service)}

    wanted = {
        f"{method} {as_path(rule)}": _door(service, who)
        for (owner, method, rule), who in DOORS.items()
        if owner == service and as_path(rule) not in PLUMBING
    }
    assert said == wanted


def _door(service: str, who: str) -> tuple[list[dict[str, list[str]]], str]:
    """The security and the description that belong to a row of DOORS."""
    if who == EVERYBODY:
        return [], ""
    role = NOUNS[service].removesuffix("s")
    roles = [*([role] if "own" in who else []), *(["operator"] if "operator" in who else [])]
    return [{"bearer": []}], f"For: {', '.join(roles)}."


@every_service
def test_bearer_is_explained(service: str) -> None:
    assert committed(service)["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}


@every_service
def test_every_operation_describes_its_errors_as_problems(service: str) -> None:
    document = committed(service)
    for name, operation in operations(service):
        errors = {code: each for code, each in operation["responses"].items() if code == "default" or code >= "400"}
        assert "default" in errors, name
        for response in errors.values():
            content = resolve(document, response)["content"]
            assert list(content) == [PROBLEM], name
            assert content[PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}, name


@every_service
def test_every_operation_describes_its_success(service: str) -> None:
    document = committed(service)
    for name, operation in operations(service):
        (code,) = [each for each in operation["responses"] if each in {"200", "201", "204"}]
        content = resolve(document, operation["responses"][code]).get("content", {})
        assert (code == "204") == (content == {}), name
        assert all("$ref" in each["schema"] for each in content.values()), name


@every_service
def test_every_body_is_a_named_schema_that_takes_nothing_unknown(service: str) -> None:
    document = committed(service)
    for name, operation in operations(service):
        for body in operation.get("requestBody", {}).get("content", {}).values():
            assert resolve(document, body["schema"])["additionalProperties"] is False, name


@every_service
def test_every_operation_has_a_name_of_its_own(service: str) -> None:
    names = [operation.get("operationId") for _, operation in operations(service)]

    assert None not in names
    assert len(set(names)) == len(names)


@every_service
def test_what_stands_in_an_address_is_described(service: str) -> None:
    document = committed(service)
    for path, item in document["paths"].items():
        places = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        described = {resolve(document, each)["name"] for each in item.get("parameters", ())}
        assert places == described, path


@every_service
def test_every_list_is_paged(service: str) -> None:
    document = committed(service)
    unpaged = ("/keys", "/fail-reasons")
    for name, operation in operations(service):
        answer = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        members = resolve(document, answer.get("schema", {})).get("properties", {})
        if "items" in members and not name.endswith(unpaged):
            asked = {resolve(document, each)["name"] for each in operation.get("parameters", ())}
            assert {"cursor", "limit"} <= asked, name
            assert "next" in members, name


@every_service
def test_what_was_made_leads_on_to_all_that_can_be_done_with_it(service: str) -> None:
    document = committed(service)
    known = {operation["operationId"]: name for name, operation in operations(service)}
    for name, operation in operations(service):
        made = operation["responses"].get("201")
        path = name.removeprefix("POST ")
        if made is None:
            continue
        below = [each for each in known.values() if each.split(" ")[1].startswith(f"{path}/{{")]
        one_further = [each for each in below if each.split(" ")[1].removeprefix(path).count("{") == 1]
        assert sorted(known[link["operationId"]] for link in made["links"].values()) == sorted(one_further), name
        answer = resolve(document, made["content"]["application/json"]["schema"])["properties"]
        for link in made["links"].values():
            taken = [each.rpartition("/")[2] for each in link["parameters"].values() if "body" in each]
            assert taken
            assert set(taken) <= set(answer)


@every_service
def test_times_and_days_say_how_they_are_written(service: str) -> None:
    schemas = committed(service)["components"]["schemas"]
    members = [(name, each) for schema in schemas.values() for name, each in schema.get("properties", {}).items()]
    instants = [each for name, each in members if name.endswith(("_at", "since", "answer_by")) and "type" in each]

    assert instants
    assert [each for each in instants if each.get("format") != "date-time"] == []
