"""docker-compose.yml as Compose reads it, as far as this file goes: YAML, with the values of an environment put in.

Known of interpolation: `$$`, `${NAME}`, and `${NAME:-default}`, `${NAME:?complaint}`, `${NAME:+instead}` without
another `${…}` inside. Whatever else has a `$` is refused, so that nothing is passed over.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parents[1]
FILE = CHECKOUT / "docker-compose.yml"
CLUSTER_FILE = CHECKOUT / "deploy" / "compose.kafka-cluster.yml"

_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?:(?P<how>:[-?+])(?P<word>[^${}]*))?\}|(?P<other>.|$))")


class MissingError(Exception):
    """The environment lacks what the file cannot do without."""


def interpolate(text: str, env: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        assert found["other"] is None, f"not known of interpolation: {text}"
        return _value(found["name"], found["how"], found["word"] or "", env)

    return _VARIABLE.sub(value, text)


def _value(name: str, how: str | None, word: str, env: Mapping[str, str]) -> str:
    given = env.get(name, "")
    if how == ":?" and not given:
        raise MissingError(name)
    if how == ":+":
        return word if given else ""
    return given or (word if how == ":-" else "")


def rendered(document: Any, env: Mapping[str, str]) -> Any:
    if isinstance(document, dict):
        return {key: rendered(each, env) for key, each in document.items()}
    if isinstance(document, list):
        return [rendered(each, env) for each in document]
    return interpolate(document, env) if isinstance(document, str) else document


def raw(file: Path = FILE) -> dict[str, Any]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


def services(env: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services as they would be started with this environment. Raises MissingError."""
    found = rendered(raw()["services"], env)
    assert isinstance(found, dict)
    return found


def variables(text: str) -> dict[str, str | None]:
    """Every variable that a text names, with the default it gives it."""
    named = [found for found in _VARIABLE.finditer(text) if found["name"]]
    return {found["name"]: found["word"] if found["how"] == ":-" else None for found in named}


def example() -> dict[str, str]:
    """What `.env.example` sets: the names without a default, all of them empty."""
    lines = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def secrets() -> dict[str, str]:
    """Made-up values for all that must be set."""
    return {name: f"made-up-{name.lower().replace('_', '-')}" for name in example()}
