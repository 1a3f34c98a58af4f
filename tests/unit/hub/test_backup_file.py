"""A backup's file is whole or refused: damaged, foreign, cut off, of another version, or with more than it says."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from deploy.hub.backup import SERVICES, in_order
from deploy.hub.backup_file import Manifest, pack, unpack, write_lines
from deploy.hub.trouble import BackupError
from shared.accounts.api import account_kind
from shared.wiring import Service

LINES = [b'{"_id":"%d"}\n' % number for number in range(2_000)]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    members = {name: write_lines(made / name, LINES) for name in ("databases/orders/orders.jsonl", "operator.key")}
    manifest = Manifest(made_at="2030-01-01T00:00:00.000Z", partitions={"lots": 2}, read={}, members=members)
    pack(made, manifest, tmp_path / "hub.tar.gz")
    return tmp_path / "hub.tar.gz"


def refusal(file: Path, tmp_path: Path) -> str:
    with pytest.raises(BackupError) as caught:
        unpack(file, tmp_path / "out")
    return str(caught.value)


def packed(file: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(file, "w:gz") as tar:
        for name, content in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return file


def test_what_was_packed_comes_out_as_it_was(backup: Path, tmp_path: Path) -> None:
    manifest = unpack(backup, tmp_path / "out")

    assert manifest.partitions == {"lots": 2}
    assert manifest.members["operator.key"].lines == 2_000
    assert (tmp_path / "out" / "databases" / "orders" / "orders.jsonl").read_bytes() == b"".join(LINES)


def test_it_is_for_its_owner_alone_and_nothing_else_is_left(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in backup.parent.iterdir()} == {"made", "hub.tar.gz"}


def test_a_backup_is_never_overwritten(backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()

    with pytest.raises(BackupError, match="never overwritten"):
        pack(tmp_path / "made", Manifest(made_at="", partitions={}, read={}), backup)

    assert backup.read_bytes() == before


@pytest.mark.parametrize(
    "spoil", [lambda data: data[: len(data) // 2], lambda data: data[:-9], lambda _: b"", lambda _: b"PK"]
)
def test_what_is_cut_off_or_no_archive_is_refused(
    backup: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    backup.write_bytes(spoil(backup.read_bytes()))

    assert "is no backup of a hub, or is damaged" in refusal(backup, tmp_path)


def test_a_single_flipped_bit_anywhere_is_found(backup: Path, tmp_path: Path) -> None:
    data = backup.read_bytes()
    # Past gzip's header, whose time and name nobody reads.
    for place in range(40, len(data), 97):
        backup.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])

        assert "Nothing was changed" in refusal(backup, tmp_path)


def test_somebody_elses_archive_is_refused(tmp_path: Path) -> None:
    assert "does not begin with manifest.json" in refusal(packed(tmp_path / "a", {"x": b"y"}), tmp_path)
    assert "is no backup" in refusal(packed(tmp_path / "b", {"manifest.json": b"{}"}), tmp_path)
    foreign = msgspec.json.encode({"format": "other", "version": 1})
    assert "its format is 'other'" in refusal(packed(tmp_path / "c", {"manifest.json": foreign}), tmp_path)


def test_a_backup_of_a_later_format_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    later = msgspec.json.encode({"format": "schakel-backup", "version": 2, "whatever": {}})

    assert "format 2; this Schakel reads 1" in refusal(packed(tmp_path / "d", {"manifest.json": later}), tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "extra"])
def test_nothing_is_taken_out_that_the_manifest_does_not_name_or_that_leads_elsewhere(
    tmp_path: Path, name: str
) -> None:
    member = write_lines(tmp_path / "content", [b"x"])
    members = {} if name == "extra" else {name: member}
    manifest = msgspec.json.encode(Manifest(made_at="", partitions={}, read={}, members=members))

    said = refusal(packed(tmp_path / "e", {"manifest.json": manifest, name: b"x"}), tmp_path)

    assert "is not what its manifest says" in said
    assert not (tmp_path / "outside").exists()


def test_what_refers_to_another_document_is_copied_before_it() -> None:
    order = {service.name: in_order(service, service_collections(service)) for service in SERVICES}

    assert order == {
        "producers": ["refusals", "lots", "settlements", "products", "producers"],
        "orders": ["orders", "offers", "buyers"],
        "logistics": ["jobs", "enterprises"],
    }
    assert in_order(SERVICES[2], ["enterprises", "strange", "jobs"])[0] == "strange"


def service_collections(service: Service) -> list[str]:
    return [account_kind(service.parties.noun).collection, *(kind.collection for kind in service.kinds)]
