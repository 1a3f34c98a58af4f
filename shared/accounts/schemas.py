"""Bodies of the accounts API."""

from marshmallow import Schema, ValidationError, post_load, validate
from marshmallow.fields import Email, Integer, List, Nested, String

from shared.accounts.domain import STATUSES
from shared.http.fields import Instant, KboNumber, PageArgs, PlaceSchema, Text, printable


class ContactSchema(Schema):
    """How to reach a party."""

    name = Text(120, required=True)
    email = Email(required=True, validate=[validate.Length(max=200), printable])
    phone = Text(30, load_default="", empty=True)
    place = Nested(PlaceSchema, required=True)


class KeySchema(Schema):
    """A key, without its secret."""

    id = String()
    created_at = Instant()
    revoked_at = Instant(allow_none=True)


class NewKeySchema(Schema):
    """A key with its secret, shown this once."""

    key_id = String()
    key = String(metadata={"description": "Shown this once: keep it"})


class KeysSchema(Schema):
    """A party's keys."""

    items = List(Nested(KeySchema))


class RegisteredSchema(Schema):
    """The answer to a registration."""

    id = String()
    status = String(validate=validate.OneOf(STATUSES))
    key = String(metadata={"description": "Shown this once: keep it"})


class AccountsArgs(PageArgs):
    """Which accounts."""

    status = String(validate=validate.OneOf(STATUSES), load_default=None)


def registration_schema(profile: type[Schema]) -> type[Schema]:
    """What a party of this kind registers with: contact, number and the members of its profile."""
    members = {"kbo": KboNumber(required=True)}
    return type(f"{_stem(profile)}RegistrationSchema", (ContactSchema, profile), members)


def change_schema(profile: type[Schema]) -> type[Schema]:
    """What a party may change, all of it optional, at least one of it there."""

    def not_empty(_self: Schema, data: dict[str, object], **_: object) -> dict[str, object]:
        if not data:
            raise ValidationError("Nothing to change: name at least one member.")
        return data

    members = {"not_empty": post_load(not_empty)}
    return type(f"{_stem(profile)}ChangeSchema", (ContactSchema, profile), members)


def account_schema(profile: type[Schema]) -> type[Schema]:
    """A party as it is shown."""
    members = {
        "id": String(),
        "kbo": String(),
        "status": String(validate=validate.OneOf(STATUSES)),
        "registered_at": Instant(),
        "version": Integer(),
    }
    return type(f"{_stem(profile)}Schema", (ContactSchema, profile), members)


def _stem(profile: type[Schema]) -> str:
    return profile.__name__.removesuffix("ProfileSchema")
