"""Joins MongoDB's members into a replica set and makes its users, then ends: `python -m deploy.replica_set`.

Run it on the first member's loopback: a database without users lets somebody there, and only there, make the first
one. Repeating it is harmless; it gives the services' users the passwords that the environment names now.

SCHAKEL_MONGO_MEMBERS           host:port of every member; the first is preferred as primary
SCHAKEL_MONGO_ROOT_PASSWORD     of `root`, who may do anything; only this program uses it
SCHAKEL_<SERVICE>_DB_PASSWORD   of the service's user, who may read and write the service's own database
"""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from shared.config import inherited_environment, read_settings

NAME = "schakel"
SERVICES = ("producers", "orders", "logistics")
LOOPBACK = "mongodb://127.0.0.1:27017/?directConnection=true"

Client = MongoClient[dict[str, Any]]

_PATIENCE_S = 120.0
_PAUSE_S = 1.0
_TIMEOUT_MS = 5_000
_UNAUTHORIZED = 13
_AUTHENTICATION_FAILED = 18
_ALREADY_INITIALIZED = 23
_ALREADY_A_USER = 51003


def configuration(members: Sequence[str]) -> dict[str, Any]:
    """The replica set's. The first member leads while it can, so that the first user can be made on it."""
    return {
        "_id": NAME,
        "members": [
            {"_id": number, "host": host, "priority": 1 if number else 2} for number, host in enumerate(members)
        ],
    }


def join(loopback: Client, members: Sequence[str]) -> None:
    """Makes the replica set. Where there is one, it has users that keep strangers from asking, or says so."""
    try:
        loopback.admin.command("replSetInitiate", configuration(members))
    except OperationFailure as error:
        if error.code not in (_ALREADY_INITIALIZED, _UNAUTHORIZED):
            raise


def make_root(loopback: Client, password: str) -> None:
    """Makes the first user, once the member leads. Where there is one already, nothing is done."""
    try:
        loopback.admin.command("createUser", "root", pwd=password, roles=["root"])
    except OperationFailure as error:
        if error.code not in (_UNAUTHORIZED, _ALREADY_A_USER):
            raise


def make_users(root: Client, prefix: str, passwords: Mapping[str, str]) -> None:
    """Each service's user, with this password, for the service's own database and no other."""
    for service, password in passwords.items():
        known = root.admin.command("usersInfo", service)["users"]
        roles = [{"role": "readWrite", "db": f"{prefix}_{service}"}]
        root.admin.command("updateUser" if known else "createUser", service, pwd=password, roles=roles)


def _insist(act: Callable[[], None]) -> None:
    """Does it again until the members answer and one of them leads; a wrong password is not tried again."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return act()
        except PyMongoError as error:
            refused = isinstance(error, OperationFailure) and error.code == _AUTHENTICATION_FAILED
            if refused or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def run(env: Mapping[str, str]) -> None:
    """All of it. Raises PyMongoError, or KeyError where the environment lacks a name."""
    members = env["SCHAKEL_MONGO_MEMBERS"].split(",")
    password = env["SCHAKEL_MONGO_ROOT_PASSWORD"]
    passwords = {service: env[f"SCHAKEL_{service.upper()}_DB_PASSWORD"] for service in SERVICES}
    prefix = read_settings(env).database_prefix
    loopback: Client = MongoClient(LOOPBACK, serverSelectionTimeoutMS=_TIMEOUT_MS)
    with loopback:
        _insist(lambda: join(loopback, members))
        _insist(lambda: make_root(loopback, password))
    root: Client = MongoClient(
        members, replicaSet=NAME, username="root", password=password, serverSelectionTimeoutMS=_TIMEOUT_MS
    )
    with root:
        _insist(lambda: make_users(root, prefix, passwords))


def main() -> None:
    """The entry point."""
    try:
        run(inherited_environment())
    except KeyError as error:
        sys.exit(f"The environment does not name {error.args[0]}.")
    except PyMongoError as error:
        sys.exit(f"The replica set could not be made ready: {error}")
    sys.stdout.write("The replica set is ready, and so are its users.\n")


if __name__ == "__main__":
    main()
