"""Plays on a whole hub in this process: the services' own code, with a store and a bus in memory."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from deploy.hub.demo.basket_play import play_baskets, read_baskets
from deploy.hub.demo.client import Hub
from deploy.hub.demo.morning import play_morning
from deploy.hub.demo.one_process import one_process_hub
from deploy.hub.demo.parties import read_cast
from deploy.hub.demo.render import show_account, show_docs
from deploy.hub.demo.render_baskets import show_basket_account
from deploy.hub.demo.scene import on_scene
from deploy.hub.demo.screen import Screen
from shared.errors import InvalidError, NeverError

CAST = replace(read_cast(), shops=read_cast().shops[:9])
BASKETS = """whole milk,rolls/buns,soda
citrus fruit,napkins

domestic eggs,moon dust,root vegetables
chicken,Yogurt
whole milk
"""


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with one_process_hub(port) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with (tmp_path / "screen.txt").open("w", encoding="utf-8") as file:
        yield Screen(Console(file=file, width=100))


def shown(tmp_path: Path) -> str:
    return (tmp_path / "screen.txt").read_text(encoding="utf-8")


def test_baskets_become_orders_and_the_same_file_again_changes_nothing(
    hub: Hub, folder: Path, screen: Screen, tmp_path: Path
) -> None:
    file = tmp_path / "baskets.csv"
    file.write_text(BASKETS, encoding="utf-8")

    with screen.running(), on_scene(hub, folder, screen, CAST) as scene:
        first = play_baskets(scene, read_baskets(file))
        again = play_baskets(scene, read_baskets(file))
        orders = list(scene.people.operator.all("/orders/v1/orders"))
    show_basket_account(first, screen.console)

    assert first.account.holds, [check.wrong for check in first.account.checks]
    assert (first.baskets, first.ordered, first.nothing_local) == (5, 4, 1)
    assert (first.lines_asked, first.lines_confirmed, first.lines_refused) == (7, 7, 0)
    assert first.not_local == {"soda": 1, "citrus fruit": 1, "napkins": 1, "moon dust": 1}
    assert again.account.holds
    assert len(orders) == 4
    screen.console.file.flush()
    assert "No basket is lost" in shown(tmp_path)


def test_a_morning_is_played_out_and_every_invariant_holds(
    hub: Hub, folder: Path, screen: Screen, tmp_path: Path
) -> None:
    with screen.running(), on_scene(hub, folder, screen, CAST) as scene:
        account = play_morning(scene)
    show_account(account, screen.console)
    show_docs(hub.base_url, screen.console)
    screen.console.file.flush()

    assert account.holds, [check.wrong for check in account.checks]
    assert set(account.by_status) >= {"delivered", "delivered_in_part", "cancelled", "refused"}
    assert len(account.waiting) == 2
    assert len(account.work) >= 3
    assert "holds  Every job has at most one holder" in shown(tmp_path)
    for word in ("at once", "is given back", "breaks down", "a pack less", "Nobody is there", "at the door", "misses"):
        assert word in shown(tmp_path)


def test_a_hub_with_parties_of_others_is_left_alone(hub: Hub, screen: Screen, tmp_path: Path) -> None:
    scene = on_scene(hub, tmp_path / "elsewhere", screen, CAST)

    with screen.running(), pytest.raises(NeverError, match="are not the demo's"), scene:
        pass


def test_baskets_that_cannot_be_read_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="cannot be read: No such file") as refusal:
        read_baskets(tmp_path / "none.csv")

    assert refusal.value.code == "file_not_read"
