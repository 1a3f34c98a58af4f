"""Which descriptions there are, and the text of each."""

import json
from typing import Any

import yaml

from deploy.docs.asyncapi import document
from services.logistics.main import SERVICE as LOGISTICS
from services.orders.main import SERVICE as ORDERS
from services.producers.main import SERVICE as PRODUCERS
from shared.config import Settings
from shared.hub import DEFAULT_HUB
from shared.store.memory import MemoryStore
from shared.wiring import Parts, Service, app_on

SERVICES: tuple[Service, ...] = (PRODUCERS, ORDERS, LOGISTICS)

_WIDTH = 120
_HEAD = "# Made by `python -m deploy.docs` from shared/events and the services' tables of handlers.\n"


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a block, as people do."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def made() -> dict[str, str]:
    """Path below the repository's root → text, for every description."""
    apis = {f"docs/openapi/{service.name}.json": _json(api(service)) for service in SERVICES}
    return {"docs/asyncapi.yaml": _HEAD + _yaml(document(SERVICES)), **apis}


def api(service: Service) -> dict[str, Any]:
    """The OpenAPI document that the service serves at `/openapi.json`."""
    app = app_on(service, Parts(store=MemoryStore(), hub=DEFAULT_HUB), Settings())
    served: dict[str, Any] = json.loads(app.test_client().get("/openapi.json").data)
    return served


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _yaml(value: dict[str, Any]) -> str:
    apart = json.loads(json.dumps(value))  # what is one object here and there would become an anchor
    return yaml.dump(apart, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
