"""A restored hub takes the place of another whole: a kill between any two steps is made good by the next start."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.hub import restore_swap
from deploy.hub.layout import Layout
from deploy.hub.restore import restore
from deploy.hub.trouble import BackupError


class KilledError(Exception):
    """What stands for a kill."""


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def hub_with_another_made_ready(var: Path) -> Layout:
    put(var / "data" / "database" / "file", "old")
    put(var / "secrets" / "operator.key", "old")
    for part in ("data/database/file", "secrets/operator.key", "hub.toml"):
        put(var / "restoring" / part, "new")
    return Layout(var=var)


def texts(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in sorted(folder.rglob("*")) if file.is_file()}


WHOLE = {
    "data/database/file": "new",
    "hub.toml": "new",
    "replaced/data/database/file": "old",
    "replaced/secrets/operator.key": "old",
    "secrets/operator.key": "new",
}


def test_the_new_hub_is_in_place_and_the_old_one_kept_aside(tmp_path: Path) -> None:
    layout = hub_with_another_made_ready(tmp_path)

    restore_swap.begin(layout, "replaced")
    restore_swap.finish(layout)

    assert texts(tmp_path) == WHOLE


@pytest.mark.parametrize("steps", range(1, 8))
def test_after_a_kill_at_any_step_the_next_start_finishes_it(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = hub_with_another_made_ready(tmp_path)
    restore_swap.begin(layout, "replaced")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed_after(steps, Path.rename))
        patch.setattr(Path, "unlink", killed_after(0, Path.unlink))
        with pytest.raises(KilledError):
            restore_swap.finish(layout)

    restore_swap.finish(layout)
    layout.prepare()

    assert texts(tmp_path) == WHOLE
    restore_swap.finish(layout)


def killed_after(steps: int, act: Callable[..., object]) -> Callable[..., object]:
    done: list[int] = []

    def acted(*arguments: object, **more: object) -> object:
        if len(done) == steps:
            raise KilledError
        done.append(1)
        return act(*arguments, **more)

    return acted


def test_what_was_not_complete_is_not_put_in_place(tmp_path: Path) -> None:
    layout = hub_with_another_made_ready(tmp_path)

    restore_swap.finish(layout)

    assert (tmp_path / "data" / "database" / "file").read_text() == "old"


def test_a_damaged_backup_changes_nothing(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path / "var")
    put(layout.data / "database" / "file", "old")
    put(tmp_path / "hub.tar.gz", "no backup")

    with pytest.raises(BackupError, match="Nothing was changed"):
        restore(layout, tmp_path / "hub.tar.gz", lambda _text: None, lambda _done, _of, _name: None, over=True)

    assert texts(tmp_path) == {"hub.tar.gz": "no backup", "var/data/database/file": "old"}


def test_a_hub_that_is_there_is_replaced_only_by_who_says_so(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path / "var")
    put(layout.data / "database" / "file", "old")

    with pytest.raises(BackupError, match="--replace"):
        restore(layout, tmp_path / "hub.tar.gz", lambda _text: None, lambda _done, _of, _name: None, over=False)
