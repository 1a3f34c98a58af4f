"""The keys of the demo's parties, kept in a file that only its owner reads, so that a later run goes on with them."""

import json
import os
from pathlib import Path

from shared.errors import NeverError


class KeyRing:
    """Enterprise number → key. Raises NeverError where the file is there and cannot be used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._keys: dict[str, str] = _read(file)

    def get(self, kbo: str) -> str | None:
        """The party's key, None where it has none here."""
        return self._keys.get(kbo)

    def put(self, kbo: str, key: str) -> None:
        """Keeps a key at once: the hub shows it only this time."""
        self._keys[kbo] = key
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self._file.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(self._keys, stream, indent=1, sort_keys=True)
        unfinished.replace(self._file)


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        message = f"The demo's keys in {file} cannot be read: {error}. Remove the file: new keys will be made."
        raise NeverError(message) from error
    return {str(kbo): str(key) for kbo, key in found.items()}
