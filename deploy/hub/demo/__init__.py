"""The demonstration: made-up parties around Leuven, played through a hub's HTTP APIs, with an account at the end."""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from deploy.hub.demo.basket_account import BasketAccount
from deploy.hub.demo.basket_play import BasketFile, play_baskets, read_baskets
from deploy.hub.demo.hosting import Hosted, hosted
from deploy.hub.demo.morning import play_morning
from deploy.hub.demo.parties import read_cast
from deploy.hub.demo.render import show_account, show_docs
from deploy.hub.demo.render_baskets import show_basket_account
from deploy.hub.demo.scene import on_scene
from deploy.hub.demo.screen import Screen
from deploy.hub.interrupts import interruptible
from deploy.hub.layout import Layout, default_var
from deploy.hub.plan import Plan
from deploy.hub.ports import choose

_FOLDER = "demo"
_INTERRUPTED = 130
_LONG_S = 3_600.0


def main(*, exit_after: bool, baskets: Path | None, port: int | None, plan: Plan | None = None) -> int:
    """Plays, shows the account, and keeps the hub up until Ctrl-C unless `exit_after`.

    Answers the exit code: 0 where every invariant held. Raises HubError where the hub cannot be started,
    InvalidError where the baskets cannot be read, both with a sentence that says what to do.
    """
    file = None if baskets is None else read_baskets(baskets)
    chosen = plan or Plan(layout=Layout(var=default_var()), ports=choose(web=port))
    screen = Screen(Console())
    try:
        with interruptible(), ExitStack() as stack:
            with screen.running():
                host = stack.enter_context(hosted(chosen, screen.tell, screen.fetching()))
            holds = _play(host, chosen, screen, file)
            show_docs(host.hub.base_url, screen.console)
            if not exit_after:
                _stay(screen)
    except KeyboardInterrupt:
        screen.tell("Stopped before the end.")
        return _INTERRUPTED
    return 0 if holds else 1


def _play(host: Hosted, plan: Plan, screen: Screen, file: BasketFile | None) -> bool:
    """Answers whether every invariant held."""
    with tempfile.TemporaryDirectory() as passing:
        folder = plan.layout.var / _FOLDER if host.kept else Path(passing)
        with screen.running(), on_scene(host.hub, folder, screen, read_cast()) as scene:
            played = play_morning(scene) if file is None else play_baskets(scene, file)
    if isinstance(played, BasketAccount):
        show_basket_account(played, screen.console)
        return played.account.holds
    show_account(played, screen.console)
    return played.holds


def _stay(screen: Screen) -> None:
    screen.console.print("\nThe hub stays up until Ctrl-C.")
    try:
        while True:
            time.sleep(_LONG_S)
    except KeyboardInterrupt:
        screen.console.print()
