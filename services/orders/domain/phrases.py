"""Plain English for codes and goods, so that every page and answer says the same."""

from services.orders.domain.job import Job
from services.orders.domain.line import Source
from services.orders.domain.order import Order, line_of

_REASONS = {
    "sold_out": "sold out",
    "withdrawn": "withdrawn by its producer",
    "no_such_lot": "its producer no longer has it",
    "no_such_pack": "no longer sold in this pack",
    "too_late": "too late to set it aside or to collect it",
    "nothing_available": "none of its lines could be set aside",
    "no_answer_in_time": "the producers did not answer in time",
    "nothing_changed_hands": "nothing changed hands",
    "not_done_in_time": "not done in time",
}
_LARGE = 1_000


def reason_text(code: str | None) -> str:
    """A reason's code in words."""
    if not code:
        return "no reason was given"
    return _REASONS.get(code, code.replace("_", " "))


def packs_text(source: Source, count: int) -> str:
    """Such as `5 × crate 10 kg of Carrots`."""
    return f"{count} × {source.pack.label} of {source.product.name}"


def quantity_text(quantity: int, unit: str) -> str:
    """Base units for people: from a thousand grams or millilitres on in kilograms or litres."""
    if unit == "piece":
        return f"{quantity} piece{'' if quantity == 1 else 's'}"
    if quantity < _LARGE:
        return f"{quantity} {unit}"
    whole, rest = divmod(quantity, _LARGE)
    decimals = f".{rest:03}".rstrip("0").rstrip(".")
    return f"{whole}{decimals} {'kg' if unit == 'g' else 'l'}"


def lines_text(count: int) -> str:
    """Such as `1 line`, `3 lines`."""
    return f"{count} line{'' if count == 1 else 's'}"


def task(order: Order, job: Job) -> str:
    """What a job asks for, such as `collect at Hoeve Ter Linde`."""
    if job.kind == "collect":
        return f"collect at {_producer(order, job)}"
    return f"{job.kind} the order"


def task_done(order: Order, job: Job) -> str:
    """The same in the past tense."""
    if job.kind == "collect":
        return f"collected at {_producer(order, job)}"
    return f"{'packed' if job.kind == 'pack' else 'delivered'} the order"


def _producer(order: Order, job: Job) -> str:
    lines = [line_of(order, line_id) for line_id in job.line_ids]
    return next((line.current.source.producer_name for line in lines if line), "the producer")
