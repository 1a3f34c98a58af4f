"""What the hub's own people do: step in where something is stuck."""

from services.logistics.domain.reasons import reasons_for
from tests.simulation.actions.farms import lot_of
from tests.simulation.actions.shops import order_of
from tests.simulation.actions.vans import job_of
from tests.simulation.play import Ask, Play
from tests.simulation.site import operator


def cancel_order(play: Play) -> None:
    """On behalf of its buyer."""
    found = order_of(play, lambda order: order["status"] in ("placed", "confirmed"))
    if found is not None:
        ask = Ask(what="operator_cancels_order", method="POST", path=f"/v1/orders/{found[0]}/cancel", of=found[0])
        play.ask(operator("orders"), ask)


def cancel_job(play: Play) -> None:
    """A collection that is not needed."""
    found = job_of(play, ("open", "claimed"))
    if found is not None:
        ask = Ask(what="operator_cancels_job", method="POST", path=f"/v1/jobs/{found[0]}/cancel", of=found[0])
        play.ask(operator("logistics"), ask)


def fail_job(play: Play) -> None:
    """Whoever holds it."""
    found = job_of(play, ("open", "claimed", "started"))
    if found is None:
        return
    id_, job, _ = found
    reason = play.draw.choice(reasons_for("operator", job["kind"])).code
    ask = Ask(what="operator_fails_job", method="POST", path=f"/v1/jobs/{id_}/fail", of=id_, body={"reason": reason})
    play.ask(operator("logistics"), ask)


def withdraw_lot(play: Play) -> None:
    """What must not be sold any more."""
    lot = lot_of(play)
    if lot is not None:
        ask = Ask(what="operator_withdraws_lot", method="POST", path=f"/v1/lots/{lot[0]}/withdraw", of=lot[0])
        play.ask(operator("producers"), ask)


TABLE = {
    "operator_cancels_order": (cancel_order, 1),
    "operator_cancels_job": (cancel_job, 1),
    "operator_fails_job": (fail_job, 1),
    "operator_withdraws_lot": (withdraw_lot, 1),
}
