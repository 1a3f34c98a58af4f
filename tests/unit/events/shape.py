"""What AsyncAPI 3.0.0 asks of a document, as a JSON Schema of the parts that this project uses.

Written from the specification's tables of fixed fields; stricter where the project is: no member that it does not use.
"""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
REFERENCE: Schema = {
    "type": "object",
    "required": ["$ref"],
    "properties": {"$ref": TEXT},
    "additionalProperties": False,
}


def mapping(values: Schema) -> Schema:
    return {"type": "object", "minProperties": 1, "additionalProperties": values}


def record(required: str, **members: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": members, "additionalProperties": False}


REFERENCE = record("$ref", **{"$ref": TEXT})
ANYTHING: Schema = {"type": "object"}
TAGS: Schema = {"type": "array", "items": record("name", name=TEXT, description=TEXT)}
SERVER = record("host protocol", host=TEXT, protocol=TEXT, title=TEXT, description=TEXT)
LOCATION: Schema = {"type": "string", "pattern": r"^\$message\.(header|payload)#/"}
INFO = record("title version", title=TEXT, version=TEXT, description=TEXT, license=ANYTHING, contact=ANYTHING)
BINDINGS = mapping(ANYTHING)
CHANNEL = record(
    "address messages",
    address=TEXT,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    messages=mapping(REFERENCE),
    bindings=BINDINGS,
)
OPERATION = record(
    "action channel messages",
    action={"enum": ["send", "receive"]},
    channel=REFERENCE,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    messages={"type": "array", "minItems": 1, "items": REFERENCE},
    tags=TAGS,
    bindings=BINDINGS,
)
CORRELATION = record("location", location=LOCATION, description=TEXT)
MESSAGE = record(
    "name payload",
    name=TEXT,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    contentType=TEXT,
    headers=ANYTHING,
    payload=ANYTHING,
    correlationId=CORRELATION,
    bindings=BINDINGS,
)
COMPONENTS = record(
    "messages schemas",
    messages=mapping(MESSAGE),
    schemas=mapping({"$ref": "http://json-schema.org/draft-07/schema#"}),
)
DOCUMENT = record(
    "asyncapi info channels operations components",
    asyncapi={"const": "3.0.0"},
    info=INFO,
    servers=mapping(SERVER),
    defaultContentType=TEXT,
    channels=mapping(CHANNEL),
    operations=mapping(OPERATION),
    components=COMPONENTS,
)
