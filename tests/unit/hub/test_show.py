"""A hub's status as people read it."""

import io

from rich.console import Console

from deploy.hub.show import age, show
from deploy.hub.status import Running, Status, Waiting

NOW = "2030-01-01T12:00:00.000Z"


def shown(**changes: object) -> str:
    usual = {
        "address": "http://127.0.0.1:8000",
        "programs": [Running(name="web", state="RUNNING", pid=7, since=1893498600, memory=90 * 2**20)],
        "lag": {"schakel-orders": {"jobs": 3}},
        "dead": {"orders": 0},
        "unpublished": {"orders": None},
        "open_orders": 0,
        "waiting": (),
        "trouble": (),
    }
    console = Console(file=io.StringIO(), width=120)
    show(Status(**(usual | changes)), NOW, console)
    return console.file.getvalue()


def test_an_age_is_told_in_the_unit_that_fits() -> None:
    assert age("2030-01-01T11:59:30.000Z", NOW) == "30 s"
    assert age("2030-01-01T11:00:00.000Z", NOW) == "60 min"
    assert age("2030-01-01T09:00:00.000Z", NOW) == "3 h"
    assert age("2029-12-20T12:00:00.000Z", NOW) == "12 d"


def test_a_quiet_hub_says_that_nothing_waits() -> None:
    text = shown()

    assert "No order waits." in text
    assert "90 MB" in text
    assert "Dead letters" not in text


def test_orders_that_wait_are_told_by_whom_they_wait_for() -> None:
    order = Waiting(
        order_id="o-1",
        buyer="Shop",
        whom="enterprise",
        what="An enterprise to collect.",
        since="2030-01-01T11:00:00.000Z",
    )

    text = shown(open_orders=1, waiting=[order])

    assert "1 for an enterprise to take work up, the longest since 60 min" in text
    assert "o-1  Shop: An enterprise to collect." in text


def test_dead_letters_and_what_could_not_be_asked_are_told() -> None:
    text = shown(dead={"jobs": 2}, lag=None, trouble=["The broker did not do it."])

    assert "2 on jobs" in text
    assert "The broker did not do it." in text
