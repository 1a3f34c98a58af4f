"""What happened, in the past tense: one frozen dataclass an event type, a module a topic.

The package is pure, so that decisions may raise events without knowing how they travel. Their schemas are in
`shared.events.schemas`, their travelling form in `shared.events.envelope`.
"""

from shared.events.base import Event

__all__ = ["Event"]
