"""The golden samples, one complete CloudEvent of every type, as it travels; and how to spoil them."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Steps = tuple[str | int, ...]

GOLDEN = Path(__file__).parent / "golden"
VALUES: tuple[Any, ...] = (None, True, 7, 1.5, "text", [], [None], {}, {"a": 1})


def golden_text(name: str) -> str:
    return (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def golden(name: str) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(golden_text(name))
    return sample


def raw(sample: Any) -> bytes:
    return json.dumps(sample).encode()


def pretty(body: str) -> str:
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False) + "\n"


def paths(value: Any, at: Steps = ()) -> Iterator[Steps]:
    """Of every member and element, however deep."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in pairs:
        yield (*at, name)
        yield from paths(each, (*at, name))


def parent(sample: Any, path: Steps) -> Any:
    for step in path[:-1]:
        sample = sample[step]
    return sample


def put(sample: dict[str, Any], path: Steps, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(sample)
    parent(changed, path)[path[-1]] = value
    return changed


def without(sample: dict[str, Any], path: Steps) -> dict[str, Any]:
    changed = copy.deepcopy(sample)
    del parent(changed, path)[path[-1]]
    return changed
