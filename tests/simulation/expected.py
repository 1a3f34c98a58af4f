"""What must have happened at least once in some hundred histories; else a part of the simulation sleeps."""

from tests.simulation.actions import ACTIONS
from tests.simulation.faults import FAULTS
from tests.simulation.report import Counts
from tests.simulation.trouble import CRASHES, ERRORS
from tests.simulation.watch import FINAL_JOB, FINAL_ORDER

_MOVING = ("placed", "confirmed", "confirmed_in_part", "cancelling", "collecting", "underway")
_FAULTS = (
    "a deadline came",
    "away store",
    "away bus",
    "back again",
    "clock jumped",
    "clock skewed",
    "delivered again",
    "published again",
    "topic held up",
    "request goes on",
    "request paused",
    "worker back as a zombie",
    "worker hired",
    "worker killed",
    "worker paused",
    "worker told to stop",
)
_WAYS = (
    "another lot was had",
    "another lot was tried",
    "cancelled after it was confirmed",
    "line in part",
    "line refused: sold_out",
    "line refused: too_late",
    "line refused: withdrawn",
    "line weighed",
    "packed",
    "refused: no_answer_in_time",
    "refused: nothing_available",
)
_ANSWERS = (
    ("cancel", "200"), ("cancel", "409 collection_started"), ("cancel", "409 order_ended"), ("change_lot", "200"),
    ("change_lot", "409 stock_is_needed"), ("change_lot", "412 changed_meanwhile"), ("change_product", "200"),
    ("claim", "200"), ("claim", "409 already_claimed"), ("claim", "409 too_far"), ("done", "200"), ("drop", "200"),
    ("fail", "200"), ("intrude", "404 no_such_job"), ("intrude", "404 no_such_lot"), ("intrude", "404 no_such_order"),
    ("list_lot", "201"), ("look_around", "200"), ("operator_cancels_job", "200"), ("operator_cancels_order", "200"),
    ("operator_fails_job", "200"), ("operator_withdraws_lot", "200"), ("order", "201"), ("order", "503 try_again"),
    ("receipt", "200"), ("report_short", "200"), ("start", "200"), ("start", "409 goods_not_there"), ("weigh", "200"),
    ("withdraw_lot", "200"),
)  # fmt: skip


def missing(counts: Counts) -> list[str]:
    """All that never happened, though it should."""
    wanted = [
        *(("step", name) for name in (*ACTIONS, *FAULTS)),
        *_ANSWERS,
        *(("end of order", word) for word in _WAYS),
        *(("trouble", word) for word in _FAULTS),
        *(("trouble", f"{how} {medium}") for how in (*CRASHES, *ERRORS) for medium in ("store", "bus")),
        *(("state of order", status) for status in (*_MOVING, *FINAL_ORDER)),
        *(("state of lot", status) for status in ("on_offer", "sold_out", "withdrawn")),
        *(("end of reservation", status) for status in ("collected", "lost", "released")),
        *(("state of job", f"{kind} {status}") for kind in ("collect", "pack", "deliver") for status in FINAL_JOB),
        *(
            ("end of line", state)
            for state in ("refused", "cancelled", "delivered", "delivered_in_part", "not_delivered")
        ),
    ]
    return [f"{sort}: {word}" for sort, word in wanted if not counts[sort, word]]
