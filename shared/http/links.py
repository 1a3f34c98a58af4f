"""OpenAPI links: what can be done next with what a POST made, so that a reader, or a machine, need not guess.

They follow from the addresses: whatever is served below the address of a POST that makes something, and names it by
one further place in the address, takes the id of the answer.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Paths = Mapping[str, dict[str, Any]]

_METHODS = ("get", "post", "put", "patch", "delete")
_PLACE = re.compile(r"\{(\w+)\}")
_IDS = ("key_id", "id")  # how answers name what was made


def add_links(paths: Paths, schemas: Mapping[str, Any]) -> None:
    """Adds them to every answer 201 of these paths, whose schemas are those of the document."""
    for path, item in paths.items():
        made = item.get("post", {}).get("responses", {}).get("201")
        name = _id_of(made, schemas) if made else None
        links = dict(_links(path, name, paths)) if name else {}
        if links:
            made["links"] = links


def _id_of(response: Mapping[str, Any], schemas: Mapping[str, Any]) -> str | None:
    (content,) = response["content"].values()
    members = schemas[content["schema"]["$ref"].rsplit("/", 1)[-1]]["properties"]
    return next((name for name in _IDS if name in members), None)


def _links(path: str, name: str, paths: Paths) -> Iterator[tuple[str, dict[str, Any]]]:
    given = {place: f"$request.path.{place}" for place in _PLACE.findall(path)}
    for target, item in paths.items():
        further = _PLACE.findall(target.removeprefix(path)) if target.startswith(f"{path}/{{") else []
        if len(further) != 1:
            continue
        parameters = {**given, further[0]: f"$response.body#/{name}"}
        for method in sorted(set(item) & set(_METHODS)):
            operation = item[method]
            yield operation["operationId"], _link(operation, parameters)


def _link(operation: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    return {
        "operationId": operation["operationId"],
        "parameters": dict(parameters),
        "description": operation.get("summary", ""),
    }
