"""The accounts API, one blueprint for each kind of party."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema

from shared.accounts import domain, keys, schemas
from shared.accounts.domain import Account
from shared.errors import NotFoundError
from shared.http.conditions import etag, if_match
from shared.http.doors import guard, own_or_operator, registers
from shared.http.fields import page_schema
from shared.store.aggregate import Kind, Ledger, Saved
from shared.store.paging import newest
from shared.store.port import Index

_CONTACT = ("name", "email", "phone", "place")


@dataclass(frozen=True, kw_only=True)
class Parties:
    """One kind of party: its `role`, its plural `noun` in addresses, and the schema of its profile."""

    role: str
    noun: str
    profile: type[Schema]


def account_kind(noun: str) -> Kind[Account]:
    """Where accounts of this noun are kept."""
    return Kind(collection=noun, state=Account, indexes=(Index(fields=("state.page_key",)),))


def accounts_blueprint(parties: Parties, ledger: Ledger, now: Callable[[], str]) -> Blueprint:  # noqa: C901, PLR0915  # views are closures over what they need; each is a few lines
    """Register, see, change, approve, suspend, and keys."""
    blueprint = Blueprint(parties.noun, __name__, url_prefix=f"/v1/{parties.noun}", description="Accounts and keys.")
    kind, role = account_kind(parties.noun), parties.role
    account_schema = schemas.account_schema(parties.profile)

    @blueprint.post("")
    @registers
    @blueprint.arguments(schemas.registration_schema(parties.profile))
    @blueprint.response(201, schemas.RegisteredSchema)
    def register(body: dict[str, Any]) -> tuple[dict[str, str], int, dict[str, str]]:
        """Register a party; it waits for the operator's approval."""
        key, text = keys.new_key(role, body["kbo"], now())
        account = _account(body, now(), key)
        ledger.decide(kind, account.kbo, lambda existing: domain.register(existing, account))
        answer = {"id": account.kbo, "status": account.status, "key": text}
        return answer, 201, {"Location": f"/v1/{parties.noun}/{account.kbo}"}

    @blueprint.get("")
    @guard("operator")
    @blueprint.arguments(schemas.AccountsArgs, location="query")
    @blueprint.response(200, page_schema(account_schema))
    def index(args: dict[str, Any]) -> dict[str, Any]:
        """All parties, newest first."""
        where = {"state.status": args["status"]} if args["status"] else {}
        page = newest(ledger, kind, [where], args["cursor"], args["limit"])
        return {"items": [_shown(each) for each in page.items], "next": page.next}

    @blueprint.get("/<party_id>")
    @guard(role, "operator", waiting=True)
    @blueprint.response(200, account_schema)
    def show(party_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        """One party."""
        _check_own(party_id)
        return _answer(_found(ledger.load(kind, party_id)))

    @blueprint.patch("/<party_id>")
    @guard(role, "operator", waiting=True)
    @blueprint.arguments(schemas.change_schema(parties.profile)(partial=True))
    @blueprint.response(200, account_schema)
    def change(body: dict[str, Any], party_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Change contact data or profile."""
        _check_own(party_id)
        changes = _split(body)
        return _answer(
            ledger.decide(kind, party_id, lambda state: domain.change(state, changes), if_version=if_match())
        )

    @blueprint.post("/<party_id>/approve")
    @guard("operator")
    @blueprint.response(200, account_schema)
    def approve(party_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Let a party take part."""
        return _answer(ledger.decide(kind, party_id, lambda state: domain.set_status(state, "approved")))

    @blueprint.post("/<party_id>/suspend")
    @guard("operator")
    @blueprint.response(200, account_schema)
    def suspend(party_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Keep a party out, for now."""
        return _answer(ledger.decide(kind, party_id, lambda state: domain.set_status(state, "suspended")))

    @blueprint.post("/<party_id>/keys")
    @guard(role, "operator")
    @blueprint.response(201, schemas.NewKeySchema)
    def add_key(party_id: str) -> tuple[dict[str, str], int, dict[str, str]]:
        """Make one more key."""
        _check_own(party_id)
        key, text = keys.new_key(role, party_id, now())
        ledger.decide(kind, party_id, lambda state: domain.add_key(state, key))
        return {"key_id": key.id, "key": text}, 201, {"Location": f"/v1/{parties.noun}/{party_id}/keys/{key.id}"}

    @blueprint.get("/<party_id>/keys")
    @guard(role, "operator")
    @blueprint.response(200, schemas.KeysSchema)
    def list_keys(party_id: str) -> dict[str, Any]:
        """A party's keys, without their secrets."""
        _check_own(party_id)
        return {"items": _found(ledger.load(kind, party_id)).state.keys}

    @blueprint.delete("/<party_id>/keys/<key_id>")
    @guard(role, "operator")
    @blueprint.response(204)
    def revoke_key(party_id: str, key_id: str) -> None:
        """Make a key open nothing any more."""
        _check_own(party_id)
        ledger.decide(kind, party_id, lambda state: domain.revoke_key(state, key_id, now()))

    return blueprint


def _account(body: Mapping[str, Any], now: str, key: domain.Key) -> Account:
    split = _split(body)
    kbo = split.pop("kbo")
    return Account(kbo=kbo, status="waiting", registered_at=now, page_key=f"{now}/{kbo}", keys=(key,), **split)


def _split(body: Mapping[str, Any]) -> dict[str, Any]:
    """The members of an account, with all that is not contact data as its profile, in plain builtins."""
    own = {name: value for name, value in body.items() if name in (*_CONTACT, "kbo")}
    return own | {"profile": {name: _plain(value) for name, value in body.items() if name not in own}}


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever the profile's schema loads
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _shown(saved: Saved[Account]) -> dict[str, Any]:
    account = saved.state
    return {
        "id": account.kbo,
        "kbo": account.kbo,
        "status": account.status,
        "registered_at": account.registered_at,
        "version": saved.version,
        **{name: getattr(account, name) for name in _CONTACT},
        **account.profile,
    }


def _answer(saved: Saved[Account]) -> tuple[dict[str, Any], int, dict[str, str]]:
    return _shown(saved), 200, etag(saved.version)


def _check_own(party_id: str) -> None:
    if not own_or_operator(party_id):
        raise NotFoundError("no_such_party", "No such party, or it is not yours to see.")


def _found(saved: Saved[Account] | None) -> Saved[Account]:
    if saved is None:
        raise NotFoundError("no_such_party", "No such party, or it is not yours to see.")
    return saved
