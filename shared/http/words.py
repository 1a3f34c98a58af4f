"""Nothing that a caller says is passed over: a body or query that an address does not read is refused."""

from typing import Any

import msgspec
from flask import current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from shared.errors import InvalidError


def check_words() -> None:
    """Runs before every request that may enter, and before anything reads what it says."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return
    arguments: list[dict[str, Any]] = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    read = {each["in"] for each in arguments}
    _check_body("json" in read)
    _check_query("query" in read)


def _check_query(is_read: bool) -> None:  # noqa: FBT001  # one of two
    """Every parameter once: of two values one would be passed over."""
    for name, values in request.args.lists():
        if not is_read:
            raise InvalidError("no_query_here", f"This address takes no query; leave out '{name[:40]}'.")
        if len(values) > 1:
            raise InvalidError("given_twice", f"Give '{name[:40]}' once.", field=name[:40])


def _check_body(is_read: bool) -> None:  # noqa: FBT001  # one of two
    """A body is JSON by the letter (no NaN, no endless integers), or it is refused."""
    body = request.get_data()
    if not body:
        return
    if request.content_length is None and len(body) >= (request.max_content_length or len(body) + 1):
        raise RequestEntityTooLarge  # a body that comes without its length is cut off at the limit, and not refused
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as JSON, with `Content-Type: application/json`.")
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequest(str(error)) from error
    if said != {} and not is_read:
        raise InvalidError("no_body_here", "This address takes no body: all is in the address itself.")
