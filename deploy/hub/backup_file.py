"""The file that a backup is: a compressed tar whose first member tells what the others are, with their sums.

`manifest.json` first, so that a file that is none is known at once; then `databases/SERVICE/COLLECTION.jsonl`, a
document a line, `topics/TOPIC.jsonl`, a record a line, and where the hub had them `operator.key` and `hub.toml`.
"""

import gzip
import hashlib
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from deploy.hub.jars import sha256_of
from deploy.hub.trouble import BackupError

FORMAT = "schakel-backup"
VERSION = 1
_MANIFEST = "manifest.json"
_NAME = re.compile(r"(\w[\w.-]*/){0,2}\w[\w.-]*")  # nothing outside the folder
_BROKEN = (tarfile.TarError, EOFError, zlib.error, OSError, msgspec.MsgspecError, UnicodeError)
_LARGEST_MANIFEST = 16 * 1024 * 1024
_PIECE = 65_536


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of the backup."""

    sha256: str
    size: int
    lines: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What is in it. `read` tells of each group how many of the records of each topic's partitions it has read."""

    made_at: str
    partitions: dict[str, int]
    read: dict[str, dict[str, list[int]]]
    members: dict[str, Member] = field(default_factory=dict)
    format: str = FORMAT
    version: int = VERSION


def write_lines(file: Path, lines: Iterable[bytes]) -> Member:
    """Writes one of the backup's files, to be packed later."""
    file.parent.mkdir(parents=True, exist_ok=True)
    total, count, size = hashlib.sha256(), 0, 0
    with file.open("wb") as stream:
        for line in lines:
            stream.write(line)
            total.update(line)
            count, size = count + 1, size + len(line)
    return Member(sha256=total.hexdigest(), size=size, lines=count)


def pack(folder: Path, manifest: Manifest, target: Path) -> None:
    """Writes the backup: whole or not at all, for its owner's eyes only. Raises BackupError where it exists already."""
    (folder / _MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    if target.exists():
        raise exists(target)
    try:
        with _private(unfinished) as stream, tarfile.open(fileobj=stream, mode="w:gz", compresslevel=6) as tar:
            for name in (_MANIFEST, *manifest.members):
                _add(tar, folder / name, name)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)


def exists(target: Path) -> BackupError:
    """What is said of a file that must not be overwritten."""
    return BackupError(f"{target} exists already, and a backup is never overwritten. Name another file.")


@contextmanager
def _private(file: Path) -> Iterator[IO[bytes]]:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(handle)


def _add(tar: tarfile.TarFile, file: Path, name: str) -> None:
    """Without whose it was and when, which nobody needs to know."""
    about = tarfile.TarInfo(name)
    about.size = file.stat().st_size
    with file.open("rb") as stream:
        tar.addfile(about, stream)


def unpack(file: Path, folder: Path) -> Manifest:
    """Takes a backup apart and checks every sum. Raises BackupError where it is none, or is damaged."""
    try:
        with gzip.open(file) as stream, tarfile.open(fileobj=stream, mode="r:") as tar:
            manifest = _manifest(tar.next(), tar, file)
            while member := tar.next():
                _take(member, tar, folder, manifest)
            while stream.read(_PIECE):  # its sum, over all of it, comes at the very end
                pass
    except _BROKEN as error:
        raise _no_backup(file, f"{type(error).__name__}: {error}") from error
    for name, told in manifest.members.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != told.sha256:
            raise _no_backup(file, f"{name} is missing or not what was put in")
    return manifest


def _manifest(first: tarfile.TarInfo | None, tar: tarfile.TarFile, file: Path) -> Manifest:
    stream = tar.extractfile(first) if first and first.name == _MANIFEST and first.size < _LARGEST_MANIFEST else None
    if stream is None:
        raise _no_backup(file, f"it does not begin with {_MANIFEST}")
    text = stream.read()
    kind = msgspec.json.decode(text, type=_Kind)
    if kind.format != FORMAT:
        raise _no_backup(file, f"its format is '{kind.format[:40]}'")
    if kind.version != VERSION:
        raise BackupError(
            f"{file} is a backup of format {kind.version}; this Schakel reads {VERSION}. Take its version."
        )
    return msgspec.json.decode(text, type=Manifest)


@dataclass(frozen=True, kw_only=True)
class _Kind:
    format: str
    version: int


def _take(member: tarfile.TarInfo, tar: tarfile.TarFile, folder: Path, manifest: Manifest) -> None:
    """Only what the manifest names, and no more of it than it says."""
    known = manifest.members.get(member.name)
    stream = tar.extractfile(member) if known and known.size == member.size and _NAME.fullmatch(member.name) else None
    if stream is None:
        raise tarfile.TarError(f"{member.name[:80]} is not what its manifest says")
    (folder / member.name).parent.mkdir(parents=True, exist_ok=True)
    with _private(folder / member.name) as file:
        shutil.copyfileobj(stream, file)


def _no_backup(file: Path, why: str) -> BackupError:
    return BackupError(f"{file} is no backup of a hub, or is damaged: {why[:200]}. Nothing was changed.")
