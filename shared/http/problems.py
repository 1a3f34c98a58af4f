"""One place turns every error into an RFC 9457 problem document; views raise and never catch."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from flask import Flask, Response, g, json
from marshmallow import Schema
from marshmallow.fields import Dict, Integer, List, Nested, String
from werkzeug.exceptions import HTTPException

from shared.errors import RefusedError, RetryError, TooManyRequestsError, UnauthenticatedError
from shared.log import logger

MIME = "application/problem+json"

# An answer is no longer than a question may be: what follows from a body of thousands of faults, nobody reads.
_MOST_FAULTS = 50
_LONGEST_PATH = 200

_TITLES = {
    400: "The request cannot be read",
    401: "A key is needed",
    403: "Not for this key",
    404: "Not found",
    405: "Method not allowed here",
    406: "Not acceptable",
    409: "The state of the thing does not allow it",
    412: "Changed meanwhile",
    413: "Too large",
    415: "JSON expected",
    422: "Values not acceptable",
    429: "Too often",
    500: "A fault of ours",
    503: "Not now",
}
_CODES = {400: "not_json", 404: "no_such_address", 405: "method_not_allowed", 413: "too_large", 415: "json_expected"}
_DETAILS = {
    400: "The body is not JSON. Send one JSON object, in UTF-8.",
    404: "There is nothing at this address. See /docs for the addresses that exist.",
    405: "This address does not answer that method. See /docs.",
    413: "The body is larger than 256 kB. Send it in parts.",
}


class FaultSchema(Schema):
    """One value at fault."""

    field = String(metadata={"description": "Dotted path of the value, such as lines.0.count"})
    detail = String()


class ProblemSchema(Schema):
    """RFC 9457, with a stable code."""

    type = String()
    title = String()
    status = Integer()
    code = String(metadata={"description": "Stable; decide upon this"})
    detail = String(metadata={"description": "What is wrong and what to do, in a sentence"})
    field = String(metadata={"description": "Where one value is at fault: its path"})
    errors = List(Nested(FaultSchema))
    extra = Dict()


def problem(status: int, code: str, detail: str, **members: Any) -> Response:  # noqa: ANN401  # JSON values
    """The response itself; members that are None are left out."""
    g.refused = code
    body = {
        "type": f"urn:schakel:problem:{code}",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "code": code,
        "detail": detail,
        **{name: value for name, value in members.items() if value},
    }
    return Response(json.dumps(body), status=status, mimetype=MIME)


def register(app: Flask) -> None:
    """Lets the app answer every error as a problem."""
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(RetryError, _retry)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _fault)


def _refused(error: RefusedError) -> Response:
    response = problem(error.status, error.code, error.detail, field=error.field)
    if isinstance(error, UnauthenticatedError):
        response.headers["WWW-Authenticate"] = 'Bearer realm="schakel"'
    if isinstance(error, TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _retry(error: RetryError) -> Response:
    logger().error("surroundings", reason=str(error)[:500])
    detail = "The hub cannot reach its database just now. Nothing is lost: repeat with the same Idempotency-Key."
    response = problem(503, "try_again", detail)
    response.headers["Retry-After"] = "2"
    return response


def _too_deep(_: RecursionError) -> Response:
    return problem(400, "too_deep", "The body is nested too deeply.")


def _fault(error: Exception) -> Response:
    logger().exception("fault", exc_info=error)
    return problem(500, "fault", "Something broke on our side; it is on record. Repeating may help.")


def from_http(error: HTTPException) -> Response:
    """What Flask, werkzeug and webargs raise."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _fault(error)
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status=status, headers=error.get_headers())
    messages = getattr(error, "data", {}).get("messages")
    if isinstance(messages, Mapping) and status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return _invalid(messages)
    return _plain(error, status)


def _plain(error: HTTPException, status: int) -> Response:
    code = _CODES.get(status, error.name.lower().replace(" ", "_"))
    said = str(error.description)
    detail = f"{_DETAILS[400]} ({said})" if status == HTTPStatus.BAD_REQUEST else _DETAILS.get(status, said)
    response = problem(status, code, detail)
    response.headers.extend([(name, value) for name, value in error.get_headers() if name == "Allow"])
    return response


def _invalid(messages: Mapping[str, Any]) -> Response:
    found = islice((each for part in messages.values() for each in _flat(part, ())), _MOST_FAULTS)
    faults = [{"field": path[:_LONGEST_PATH], "detail": text} for path, text in found]
    first = faults[0]
    where = f"{first['field']}: " if first["field"] else ""
    return problem(422, "invalid_values", f"{where}{first['detail']}", field=first["field"], errors=faults)


def _flat(part: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # marshmallow's nested messages
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from _flat(value, path if key == "_schema" else (*path, str(key)))
    elif isinstance(part, list):
        for each in part:
            yield from _flat(each, path)
    else:
        yield ".".join(path), str(part)
