"""Whether the disks under a hub have room: on a full one the database and Kafka stop, and cannot start."""

import shutil
from pathlib import Path

from deploy.hub.layout import Layout

# Less is as good as nothing: a start of the database and of Kafka together takes some tens of megabytes.
LEAST_BYTES = 64 * 2**20
_MEGABYTE = 2**20


def free(layout: Layout) -> int:
    """Bytes left where there are fewest; the folders may lie on disks of their own."""
    folders = (layout.var, layout.data / "database", layout.data / "kafka")
    return min(shutil.disk_usage(folder).free for folder in folders if folder.exists())


def shortage(layout: Layout, least: int = LEAST_BYTES) -> str | None:
    """In a sentence, that fewer bytes are left; None where there is enough."""
    left = free(layout)
    if left >= least:
        return None
    return (
        f"The disk under {_narrowest(layout)} has {left // _MEGABYTE} MB left. Make room: the hub goes on by itself "
        f"when {least // _MEGABYTE} MB are free."
    )


def _narrowest(layout: Layout) -> Path:
    folders = [folder for folder in (layout.var, layout.data / "database", layout.data / "kafka") if folder.exists()]
    return min(folders, key=lambda folder: shutil.disk_usage(folder).free)
