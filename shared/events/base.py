"""The root of all events."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened; the `data` of a CloudEvent.

    `service` owns the truth it tells, `topic` is where it travels, `key` names the field whose value orders it
    among its like, `version` rises when a meaning changes (a new class then; an addition needs none).
    """

    service: ClassVar[str]
    topic: ClassVar[str]
    key: ClassVar[str]
    version: ClassVar[int] = 1
