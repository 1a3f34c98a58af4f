"""Where a hub on one machine keeps what: data, logs, secrets and what only lives as long as it runs."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.hub.trouble import FolderError

CHECKOUT = Path(__file__).parents[2]
_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108  # in it a folder is made that is this user's own
_LEAST_FREE_BYTES = 512 * 1024 * 1024
# A socket's path is kept in 108 bytes on Linux, 104 on macOS; the supervisor makes it under a longer name first.
_LONGEST_SOCKET = 85
# Kafka splits a folder's name at commas; the others have a meaning in the supervisor's file.
_UNBEARABLE = (",", "%", '"', " #", " ;", "\n")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The folders under one `var`."""

    var: Path

    @property
    def data(self) -> Path:
        """What must not be lost: the database's and Kafka's files."""
        return self.var / "data"

    @property
    def log(self) -> Path:
        """One file a program, rotated."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """Written anew at every start."""
        return self.var / "run"

    @property
    def secrets(self) -> Path:
        """For the user's eyes only."""
        return self.var / "secrets"

    @property
    def metrics(self) -> Path:
        """Where the web processes add up their counters; emptied at every start.

        In memory where it can be: the files are mapped, and on a full disk whoever counts would be killed for it.
        """
        return _own_folder(_MEMORY) / self._short_name if os.access(_MEMORY, os.W_OK) else self.run / "metrics"

    @property
    def socket(self) -> Path:
        """Where the supervisor is spoken to: in `run`, or in a short folder where that path is too long."""
        usual = self.run / "supervisor.sock"
        if len(os.fsencode(usual)) <= _LONGEST_SOCKET:
            return usual
        return _own_folder(Path(tempfile.gettempdir())) / (self._short_name + ".sock")

    @property
    def _short_name(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]

    def prepare(self) -> None:
        """Makes the folders. Raises FolderError where they cannot be used, or the disk is all but full."""
        if any(each in str(self.var) for each in _UNBEARABLE):
            message = f"The folder {self.var} has a comma, quote, '%', ' #' or ' ;' in its name; take another by --var."
            raise FolderError(message)
        try:
            for folder in (self.data, self.log, self.run, self.secrets):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)  # also one that was there: whose data and settings they are is told by nothing else
            self._probe()
        except OSError as error:
            message = f"The folder {self.var} cannot be used ({error.strerror}). Put it right, or choose one by --var."
            raise FolderError(message) from error
        self._require_space()

    def _probe(self) -> None:
        for folder in (self.data, self.log, self.run, self.secrets, self.socket.parent):
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"can this be written")

    def _require_space(self) -> None:
        free = shutil.disk_usage(self.var).free
        if free < _LEAST_FREE_BYTES:
            message = (
                f"The disk of {self.var} has {free // 2**20} MB left and a hub needs {_LEAST_FREE_BYTES // 2**20}. "
                "Make room, or choose another folder by --var."
            )
            raise FolderError(message)


def default_var() -> Path:
    """`var` in the checkout; where Schakel is installed without one, in the folder that one stands in."""
    home = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()
    return home / "var"


def _own_folder(shared: Path) -> Path:
    """A folder in one that all users share that is this user's own. Raises FolderError where it is not."""
    folder = shared / f"schakel-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    about = folder.lstat()
    if folder.is_symlink() or about.st_uid != os.getuid() or about.st_mode & 0o077:
        message = f"{folder} is not yours alone. Remove it, or have it removed."
        raise FolderError(message)
    return folder
