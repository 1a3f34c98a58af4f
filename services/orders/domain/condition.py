"""The state of one line, in a word and in a sentence."""

from dataclasses import dataclass
from typing import Literal

from services.orders.domain.line import Line
from services.orders.domain.order import Order
from services.orders.domain.phrases import packs_text, reason_text
from services.orders.domain.progress import Course

LineState = Literal[
    "asked",
    "set_aside",
    "refused",
    "cancelled",
    "confirmed",
    "confirmed_in_part",
    "collected",
    "collected_in_part",
    "delivered",
    "delivered_in_part",
    "not_delivered",
]

LINE_STATES: tuple[LineState, ...] = (
    "asked",
    "set_aside",
    "refused",
    "cancelled",
    "confirmed",
    "confirmed_in_part",
    "collected",
    "collected_in_part",
    "delivered",
    "delivered_in_part",
    "not_delivered",
)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A stable word, and a sentence that explains it."""

    state: LineState
    text: str


def condition(order: Order, line: Line, course: Course | None) -> Condition:
    """What became of the line so far."""
    if order.cancel is not None and not order.cancel.confirmed:
        return Condition(state="cancelled", text="The order was cancelled.")
    if line.current.refusal is not None:
        return Condition(state="refused", text=f"Could not be set aside: {reason_text(line.current.refusal)}.")
    if order.refused_at is not None:
        return Condition(state="refused", text=f"The order was refused: {reason_text(order.refusal)}.")
    if course is None:
        return Condition(state="asked", text="The producer has not answered yet.")
    if order.confirmed_at is None:
        return Condition(state="set_aside", text="Set aside; other lines are not answered yet.")
    return _worked_on(line, course)


def _worked_on(line: Line, course: Course) -> Condition:
    if course.cancelled:
        return Condition(state="cancelled", text="Its collection was called off.")
    if course.delivered is not None:
        return _delivered(line, course.delivered)
    if course.collected is not None:
        return _collected(line, course.collected)
    packs = packs_text(line.current.source, line.current.reserved)
    if line.in_full:
        return Condition(state="confirmed", text=f"Set aside: {packs}.")
    return Condition(state="confirmed_in_part", text=f"Set aside: {packs}, of {line.current.asked} asked.")


def _collected(line: Line, count: int) -> Condition:
    if count >= line.current.reserved:
        return Condition(state="collected", text="Collected at the producer.")
    return Condition(state="collected_in_part", text=f"{count} of {line.current.reserved} packs collected.")


def _delivered(line: Line, count: int) -> Condition:
    if count == 0:
        return Condition(state="not_delivered", text="Did not arrive. It is not billed.")
    if count >= line.current.asked:
        return Condition(state="delivered", text="Delivered.")
    return Condition(state="delivered_in_part", text=f"{count} of {line.current.asked} packs delivered.")
