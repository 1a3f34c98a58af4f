"""Puts a restored hub in the place of the one that is there, all of it: what a kill interrupts is finished later.

Once the marker stands, everything in `restoring` is complete and it is only renamed; each step can be repeated.
"""

import os
import shutil
from pathlib import Path

from deploy.hub.layout import Layout
from deploy.hub.trouble import BackupError

_PARTS = ("data", "secrets", "hub.toml")


def place(layout: Layout) -> Path:
    """Where a hub is made ready before it is put in its place."""
    return layout.var / "restoring"


def _marker(layout: Layout) -> Path:
    return layout.var / "restored"


def begin(layout: Layout, replaced: str) -> None:
    """From here on the restored hub is the one that counts; what it replaces goes to a folder of this name."""
    unfinished = layout.var / "restored.new"
    with unfinished.open("w", encoding="utf-8") as stream:
        stream.write(replaced)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(_marker(layout))


def finish(layout: Layout) -> None:
    """Does what is left to do of a restoration that began to take its place; nothing where none did."""
    marker = _marker(layout)
    if not marker.exists():
        return
    old = layout.var / marker.read_text(encoding="utf-8")
    old.mkdir(mode=0o700, exist_ok=True)
    for part in _PARTS:
        _exchange(place(layout) / part, layout.var / part, old / part)
    shutil.rmtree(place(layout), ignore_errors=True)
    if not any(old.iterdir()):
        old.rmdir()
    marker.unlink()


def _exchange(new: Path, here: Path, old: Path) -> None:
    if not new.exists():
        return
    if here.is_dir() and not any(here.iterdir()):
        here.rmdir()
    if here.exists() and old.exists():
        raise BackupError(f"Both {here} and {old} are there, and {new} is to take the place of one. Move one away.")
    if here.exists():
        here.rename(old)
    new.rename(here)
