"""The image is made of what its processes need and of nothing else, from the one lock. No engine is needed."""

import re
import tomllib

from tests import compose_file

DOCKERFILE = (compose_file.CHECKOUT / "deploy" / "Dockerfile").read_text()
STEPS = [line.split() for line in DOCKERFILE.splitlines() if re.match(r"[A-Z]+ ", line)]
LOCK = (compose_file.CHECKOUT / "requirements.lock").read_text()
IGNORED = (compose_file.CHECKOUT / ".dockerignore").read_text().splitlines()


def copied() -> list[str]:
    """What comes from the checkout, by its path there."""
    steps = [step[1:-1] for step in STEPS if step[0] == "COPY" and not step[1].startswith("--from")]
    return [source for sources in steps for source in sources]


def test_what_is_copied_is_there_and_let_through_and_nothing_else_is() -> None:
    let_through = [line[1:] for line in IGNORED if line.startswith("!")]

    assert "*" in IGNORED
    assert sorted(copied()) == sorted(let_through)
    assert [source for source in copied() if not (compose_file.CHECKOUT / source).exists()] == []


def test_what_the_compose_file_starts_is_in_the_image() -> None:
    hub = compose_file.services(compose_file.secrets())
    ours = [service for service in hub.values() if "build" in service]
    words = {word.split(":")[0] for service in ours for word in (*service["command"], *_health(service))}
    modules = [word.replace(".", "/") + ".py" for word in words if word.startswith(("deploy.", "services."))]
    files = [*modules, "deploy/gunicorn.py"]

    assert len(files) == 7
    assert [file for file in files if file not in copied() and file.split("/")[0] not in copied()] == []


def _health(service: dict[str, dict[str, list[str]]]) -> list[str]:
    return service["healthcheck"].get("test", [])


def test_the_last_word_on_users_is_not_root() -> None:
    users = [step[1] for step in STEPS if step[0] == "USER"]

    assert users == ["10001:10001"]
    assert next(step[0] for step in reversed(STEPS) if step[0] in ("USER", "RUN", "COPY")) == "USER"


def test_what_is_installed_is_held_to_the_hashes_of_the_one_lock() -> None:
    installs = re.findall(r"pip install .*", DOCKERFILE)

    assert len(installs) == 2
    assert all("--require-hashes" in install for install in installs)
    assert "-c constraints.txt -r runtime.txt" in installs[1]
    assert "requirements.lock > constraints.txt" in DOCKERFILE


def test_the_lock_has_a_version_and_a_hash_for_every_dependency_of_the_image() -> None:
    project = tomllib.loads((compose_file.CHECKOUT / "pyproject.toml").read_text())["project"]
    names = [re.split(r"[><=\[]", each)[0] for each in project["dependencies"]]
    locked = dict(
        re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==\S+ \\\n +--hash=(sha256:[0-9a-f]{64})", LOCK, re.MULTILINE)
    )

    assert [name for name in names if name not in locked] == []


def test_the_pip_that_installs_takes_hashes_of_a_constraints_file_as_law() -> None:
    found = re.search(r"pip==(\d+)\.(\d+) --hash=sha256:[0-9a-f]{64}\b", DOCKERFILE)

    assert found is not None
    assert (int(found[1]), int(found[2])) >= (26, 1)
