"""Kafka's jars: exactly the pinned ones, byte for byte, from a Maven repository into a cache of this user.

`deploy/kafka/jars.sha256` lists each jar by its SHA-256 sum and its path in a Maven repository, so that
`sha256sum -c` can check the cache too. Nothing is resolved when fetching: what is not listed is never asked for.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from deploy.hub.trouble import KafkaFetchError
from shared.config import inherited_environment

PINNED = Path(__file__).parents[1] / "kafka" / "jars.sha256"
INSTEAD = "Set KAFKA_BOOTSTRAP_SERVERS to a broker of yours, or run `schakel demo`, which can play in memory."
# So many downloads at once: polite to the repository, and fast enough (half a minute becomes ten seconds).
_AT_ONCE = 4
_SUM_DIGITS = 64

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Jar:
    """One pinned jar; `path` is the one of the Maven layout: group folders, artifact, version, file."""

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def coordinate(self) -> tuple[str, str, str]:
        """Group, artifact and version."""
        *group, artifact, version, _ = self.path.split("/")
        return ".".join(group), artifact, version


Obtain = Callable[[Jar, Path], Path]


def read_pinned(listing: Path = PINNED) -> tuple[Jar, ...]:
    """The jars that a list names. Raises KafkaFetchError where a line is not `sum  path`."""
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        message = f"The list of Kafka's jars cannot be read: {error}. Install Schakel anew. {INSTEAD}"
        raise KafkaFetchError(message) from error
    return tuple(_jar(line, number) for number, line in enumerate(lines, 1) if line.strip())


def _jar(line: str, number: int) -> Jar:
    total, _, path = line.partition("  ")
    if len(total) != _SUM_DIGITS or not path.endswith(".jar") or ".." in path or path.startswith("/"):
        message = f"Line {number} of the list of Kafka's jars is not 'sha256  path'. Install Schakel anew. {INSTEAD}"
        raise KafkaFetchError(message)
    return Jar(path=path, sha256=total)


def cache_folder() -> Path:
    """Where this user keeps jars; all checkouts share it."""
    base = inherited_environment().get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "schakel" / "jars"


def sha256_of(file: Path) -> str:
    """The sum of a file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def missing(jars: Iterable[Jar], cache: Path) -> list[Jar]:
    """Those not in the cache yet.

    Raises KafkaFetchError where a cached jar is not the pinned one: somebody changed it, so it is not run.
    """
    absent = []
    for jar in jars:
        file = cache / jar.path
        if not file.exists():
            absent.append(jar)
        elif sha256_of(file) != jar.sha256:
            raise _differs(jar, f"The cached {file}", "Delete it and try again.")
    return absent


def fetch(jars: Iterable[Jar], cache: Path, progress: Progress, obtain: Obtain | None = None) -> list[Path]:
    """All jars as files of the cache, in the list's order; what is missing is fetched and checked first.

    `progress(done, of, name)` is called after each fetched jar; `obtain` puts one unchecked jar into a folder.
    Raises KafkaFetchError.
    """
    wanted = tuple(jars)
    try:
        absent = missing(wanted, cache)
        if absent:
            cache.mkdir(parents=True, exist_ok=True)
            _fetch_all(absent, cache, progress, obtain or _obtain)
    except OSError as error:
        message = f"Kafka's jars cannot be kept in {cache}: {error}. Make room or set XDG_CACHE_HOME. {INSTEAD}"
        raise KafkaFetchError(message) from error
    return [cache / jar.path for jar in wanted]


def _fetch_all(absent: list[Jar], cache: Path, progress: Progress, obtain: Obtain) -> None:
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        work = {pool.submit(_fetch_one, jar, cache, obtain): jar for jar in absent}
        try:
            for done, future in enumerate(as_completed(work), 1):
                future.result()
                progress(done, len(absent), work[future].name)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _fetch_one(jar: Jar, cache: Path, obtain: Obtain) -> None:
    """Checked in a folder of its own and then moved, so that the cache never holds half a jar, nor a wrong one."""
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetching-") as folder:
        file = obtain(jar, Path(folder))
        if sha256_of(file) != jar.sha256:
            raise _differs(jar, f"The {jar.name} that was fetched", "Nothing of it was kept; try another network.")
        target = cache / jar.path
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)


def _obtain(jar: Jar, folder: Path) -> Path:
    return _borrow(jar, folder) or _download(jar, folder)


def _borrow(jar: Jar, folder: Path) -> Path | None:
    """A copy of the same bytes from the Maven repository of this machine, where it has them."""
    local = Path.home() / ".m2" / "repository" / jar.path
    if not local.is_file() or sha256_of(local) != jar.sha256:
        return None
    return Path(shutil.copyfile(local, folder / jar.name))


def _download(jar: Jar, folder: Path) -> Path:
    """By jgo: from the repositories in its own settings file, if any, then from the one Maven asks by default."""
    # Imported late: it takes a third of a second, and is needed once.
    from jgo.config import GlobalSettings  # noqa: PLC0415
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415
    from jgo.maven import MavenContext  # noqa: PLC0415

    group, artifact, version = jar.coordinate
    remote = {**GlobalSettings.load().repositories, "central": MAVEN_CENTRAL_URL}
    maven = MavenContext(repo_cache=folder, remote_repos=remote, timeout=30)
    try:
        return maven.project(group, artifact).at_version(version).artifact().resolve()
    except (OSError, RuntimeError) as error:
        # What has a number is this machine's (a full disk, say); the network's errors have none.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        why = f"{type(error).__name__} at {jar.name}"
        message = f"Kafka could not be fetched ({why}). Look at the network or proxy and try again. {INSTEAD}"
        raise KafkaFetchError(message) from error


def _differs(jar: Jar, subject: str, what_to_do: str) -> KafkaFetchError:
    message = f"{subject} is not the jar that Schakel was tested with (SHA-256 not {jar.sha256[:12]}…). {what_to_do}"
    return KafkaFetchError(f"{message} {INSTEAD}")
