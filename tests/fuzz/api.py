"""One service's HTTP API as schemathesis sees it: its OpenAPI document, one key, and things that exist.

Half of what is generated is aimed at things of this hub, so that it gets past "no such thing"; the rest stays as it
was generated.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from schemathesis import Case, Config, HookContext

from tests.contract.doors import DOORS, EVERYBODY
from tests.contract.world import World, body_of
from tests.fuzz.effort import is_long
from tests.setups import kbo

PHASES = ("coverage", "fuzzing", "stateful")
# The transport of an app in memory cannot send what this check sends; `checks.nobody_gets_in` is the same check.
_CANNOT_BE_SENT = "ignored_auth"


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What is tried: `phases` of schemathesis, and how many examples an operation."""

    phases: tuple[str, ...] = PHASES
    examples: int = 10


def api_of(world: World, service: str, role: str, effort: Effort) -> Any:
    """The schema, loaded from the app itself, that asks with this role's key."""
    key = world.people[service][role].key
    config = Config.from_dict(
        {
            **({} if is_long() else {"seed": 1}),
            "headers": {"Authorization": f"Bearer {key}"} if key else {},
            "generation": {"deterministic": not is_long(), "max-examples": effort.examples},
            "phases": {name: {"enabled": name in effort.phases} for name in (*PHASES, "examples")},
            "checks": {_CANNOT_BE_SENT: {"enabled": False}},
        }
    )
    schema = schemathesis.openapi.from_wsgi("/openapi.json", world.chain.apps[service], config=config)
    aim = Aim(world=world, service=service)
    schema.hook("map_case")(lambda context, case: aim.map_case(context, case))  # noqa: PLW0108  # it is marked
    return schema


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Points half of the generated requests at things that exist."""

    world: World
    service: str

    def map_case(self, _: HookContext, case: Case) -> Case:
        """The case, perhaps with ids of this hub and a body that its route takes. The same case, the same choice."""
        dice = _dice(case)
        if dice % 3:
            case.path_parameters = {name: self._id(name, value, dice) for name, value in case.path_parameters.items()}
        if dice % 2 and isinstance(case.body, dict):
            valid = body_of(self.world, (self.service, case.method, case.path.replace("{", "<").replace("}", ">")))
            case.body = _between(valid, case.body, dice) if valid else case.body
        return case

    def _id(self, name: str, value: Any, dice: int) -> Any:
        known = self.known().get(name, [value])
        return known[dice // 7 % len(known)]

    def known(self) -> Mapping[str, list[str]]:
        """Ids by the name of their place in an address. Of keys only those that nobody asks with."""
        things, people = self.world.things, self.world.people[self.service]
        orders = [things["placed"], things["delivered"]]
        return {
            "party_id": [people[role].id for role in ("own", "own", "own", "other", "waiting", "suspended")],
            "key_id": [people["revoked"].key.split("_")[2], "absent"],
            "product_id": [things["product"]],
            "lot_id": [things["lot"]],
            "reservation_id": [things["reservation"]],
            "order_id": orders,
            "line_id": ["1", "2"],
            "job_id": [things[each] for each in ("open", "claimed", "started")]
            + [f"{each}.deliver" for each in orders],
        }


def _dice(case: Case) -> int:
    said = json.dumps([case.path_parameters, case.query, repr(case.body)], default=repr, sort_keys=True)
    return zlib.crc32(said.encode("utf-8", "replace"))


def _between(valid: Mapping[str, Any], generated: Mapping[str, Any], dice: int) -> dict[str, Any]:
    """The valid body; every other time with one member of the generated one."""
    mixed = dict(valid)
    if "kbo" in mixed:
        mixed["kbo"] = kbo("orders", 100 + dice % 800)
    if generated and dice % 5 < 3:
        name = sorted(generated, key=repr)[dice // 11 % len(generated)]
        mixed[name] = generated[name]
    return mixed


def may_answer(service: str, role: str) -> set[str]:
    """`METHOD /address` of all that this role can have done, as the document writes it."""
    rows = [(method, rule, who) for (owner, method, rule), who in DOORS.items() if owner == service]
    return {f"{method} {_as_path(rule)}" for method, rule, who in rows if rule.startswith("/v1") and _may(who, role)}


def _may(who: str, role: str) -> bool:
    return who == EVERYBODY or role in who.split()


def _as_path(rule: str) -> str:
    return rule.replace("<", "{").replace(">", "}")
