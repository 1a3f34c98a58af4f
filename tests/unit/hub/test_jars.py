"""Kafka's jars: only the pinned bytes are ever kept or run."""

import hashlib
from pathlib import Path

import pytest

from deploy.hub.jars import Jar, Obtain, fetch, missing, read_pinned
from deploy.hub.trouble import KafkaFetchError

GOOD = b"the pinned bytes"
JAR = Jar(path="org/example/thing/1.0/thing-1.0.jar", sha256=hashlib.sha256(GOOD).hexdigest())


def bringing(content: bytes) -> Obtain:
    def obtain(jar: Jar, folder: Path) -> Path:
        file = folder / jar.name
        file.write_bytes(content)
        return file

    return obtain


def ignore(_done: int, _of: int, _name: str) -> None:
    return


def test_every_pinned_jar_has_a_version_a_sum_and_a_path_of_its_own() -> None:
    jars = read_pinned()

    assert len({jar.path for jar in jars}) == len(jars) > 40
    assert ("org.apache.kafka", "kafka_2.13", "4.3.1") in {jar.coordinate for jar in jars}
    assert all(jar.name == f"{jar.coordinate[1]}-{jar.coordinate[2]}.jar" for jar in jars)


def test_a_fetched_jar_lies_in_the_cache_and_is_not_fetched_again(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []

    files = fetch([JAR], tmp_path, lambda *progress: told.append(progress), bringing(GOOD))
    again = fetch([JAR], tmp_path, lambda *progress: told.append(progress), bringing(b"never asked for"))

    assert files == again == [tmp_path / JAR.path]
    assert files[0].read_bytes() == GOOD
    assert told == [(1, 1, "thing-1.0.jar")]


def test_a_fetched_jar_with_another_sum_is_refused_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    with pytest.raises(KafkaFetchError, match=r"thing-1.0.jar that was fetched is not the jar"):
        fetch([JAR], tmp_path, ignore, bringing(b"other bytes"))

    assert list(tmp_path.iterdir()) == []


def test_a_cached_jar_that_somebody_changed_is_refused_and_named(tmp_path: Path) -> None:
    fetch([JAR], tmp_path, ignore, bringing(GOOD))
    (tmp_path / JAR.path).write_bytes(b"changed later")

    with pytest.raises(KafkaFetchError, match=r"The cached .*thing-1.0.jar .* Delete it"):
        missing([JAR], tmp_path)


def test_a_failure_says_what_to_do_instead(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()

    with pytest.raises(KafkaFetchError, match="KAFKA_BOOTSTRAP_SERVERS") as caught:
        fetch([JAR], blocked, ignore, bringing(GOOD))

    assert "schakel demo" in str(caught.value)


@pytest.mark.parametrize("line", ["abc  org/x/1/x-1.jar", "0" * 64 + "  /etc/x.jar", "0" * 64 + "  ../x-1.jar"])
def test_a_list_with_a_line_that_is_not_a_sum_and_a_path_is_refused(tmp_path: Path, line: str) -> None:
    listing = tmp_path / "jars.sha256"
    listing.write_text(line + "\n")

    with pytest.raises(KafkaFetchError, match="Line 1"):
        read_pinned(listing)
