"""What this project promises of every answer, over and above what schemathesis checks of any API."""

import re
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

PROBLEM = "application/problem+json"
# What any address may answer besides its success; that and 429 stand in the document, the others under `default`.
REFUSALS = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429})
# Rules that a JSON Schema cannot tell: what keeps to the schema may still be refused for these, in these words.
UNTOLD_RULES = re.compile(
    "is not a Belgian enterprise number|is not an ISO 8601 time|has no offset|lies outside the years|"
    "The end must be after the start|need a limit in °C|same id|Nothing to change|not both|Name each skill once|"
    "Not a valid email address|Not a date|Not a valid integer"
)


@schemathesis.check
def every_refusal_is_a_problem(_: CheckContext, response: Response, case: Case) -> None:
    """A status that is expected, in the one form that problems have, with a sentence that says what to do."""
    if response.status_code < 400:
        return
    assert response.status_code in REFUSALS, f"{response.status_code} is answered by no address."
    if case.method == "HEAD":
        return
    assert response.headers["content-type"] == [PROBLEM]
    problem = response.json()
    assert problem["status"] == response.status_code
    assert re.fullmatch("[a-z][a-z_]+", problem["code"]), problem
    assert problem["type"] == f"urn:schakel:problem:{problem['code']}"
    assert " " in problem["detail"]


@schemathesis.check
def every_success_is_described(_: CheckContext, response: Response, case: Case) -> None:
    """`default` is for refusals: a success has its own entry in the document."""
    if 200 <= response.status_code < 400 and case.method == case.operation.method.upper():
        assert str(response.status_code) in case.operation.responses.status_codes


@schemathesis.check
def nobody_gets_in(_: CheckContext, response: Response, case: Case) -> None:
    """What needs a key is not answered without it, nor with one that is made up."""
    described: Any = case.operation.definition.raw
    if response.status_code >= 300 or not described.get("security"):
        return
    for headers in ({}, {"Authorization": "Bearer producer_1_2_3"}):
        again = case.operation.app.test_client().open(
            case.formatted_path, method=case.method, headers=headers, query_string=case.query
        )
        assert again.status_code == 401, f"{again.status_code} without a key"


def is_a_rule(response: Response) -> bool:
    """Whether a refusal of what keeps to the schema names a rule that no schema can tell."""
    problem = response.json()
    if problem["code"] == "invalid_values":
        return all(UNTOLD_RULES.search(each["detail"]) for each in problem["errors"])
    return response.status_code in {409, 412, 422}


@schemathesis.hook
def before_call(_: HookContext, case: Case, **__: Any) -> None:
    """Nobody revokes the very key that it asks with: all that came after would be answered 401."""
    headers = case.operation.schema.config.headers_for(operation=case.operation) or {}
    if case.method == "DELETE" and str(case.path_parameters.get("key_id")) in headers.get("Authorization", ""):
        case.path_parameters["key_id"] = "absent"


def is_a_failure(_: HookContext, failure: Failure, __: Case, response: Response) -> bool:
    """Two things are none. A rule that no schema can tell refuses valid data; and who registers a party sees it with
    the key of that party, which is not the one that these requests are made with.
    """
    if isinstance(failure, RejectedPositiveData):
        return not is_a_rule(response)
    hidden = {"no_such_party", "no_such_key"}
    return not (isinstance(failure, EnsureResourceAvailability) and response.json()["code"] in hidden)
