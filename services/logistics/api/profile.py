"""The bodies of an enterprise's own part of its account."""

from typing import Any

from marshmallow import Schema, ValidationError, validate, validates_schema
from marshmallow.fields import Nested, String

from shared.http.fields import Flag, Several, Text, Whole, WholeSchema
from shared.values import JOB_KINDS

MOST_VEHICLES = 50


class AreaSchema(WholeSchema):
    """How far the enterprise goes, around its place."""

    radius_m = Whole(100, 500_000, required=True, metadata={"description": "Metres by road"})


class VehicleSchema(WholeSchema):
    """What one vehicle carries."""

    name = Text(60, required=True)
    max_kg = Whole(1, 50_000, required=True)
    crates = Whole(1, 5_000, required=True)
    chilled = Flag(load_default=False)
    frozen = Flag(load_default=False)


class EnterpriseProfileSchema(Schema):
    """What an enterprise can do for the hub."""

    skills = Several(
        String(validate=validate.OneOf(JOB_KINDS)), required=True, validate=validate.Length(1, len(JOB_KINDS))
    )
    area = Nested(AreaSchema, required=True)
    vehicles = Several(Nested(VehicleSchema), load_default=list, validate=validate.Length(max=MOST_VEHICLES))
    own_site = Flag(
        load_default=False,
        metadata={"description": "Packs at its own place, and fetches and brings back the goods"},
    )

    @validates_schema
    def check_skills(self, data: dict[str, Any], **_: object) -> None:
        """Each skill once."""
        skills = data.get("skills", [])
        if len(skills) != len(set(skills)):
            raise ValidationError("Name each skill once.", "skills")
