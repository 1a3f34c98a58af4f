"""The store on anything that speaks MongoDB's wire protocol: SecantusDB on one machine, MongoDB on many.

It keeps to what both do well: single-document updates guarded by `_id` and `version`, `insert_many` for what is
new, no transactions, no find-and-modify, no `$or`, no aggregation.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pymongo import ASCENDING, DESCENDING, MongoClient, UpdateOne, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError, WriteError

from shared.errors import SettingsError, StoreUnavailableError, UnstorableError
from shared.ids import new_id
from shared.store.port import Document, Index, Outgoing, Pending, Where, Write
from shared.store.storable import NO_DOCUMENT, obstacle

P = ParamSpec("P")
T = TypeVar("T")
Raw = dict[str, Any]

# SecantusDB keeps one `insert_many` in its cache until it is committed: a few large ones at once fill it, and hang it.
INSERTS_AT_ONCE = 100
# A pull lost in a crash only publishes its event once more, which every consumer bears: it waits for no sync to disk.
_LOSABLE = WriteConcern(w=1, j=False)

_DUPLICATE_KEY = 11000
_PROBED = "readiness"
_AUTHENTICATION_FAILED = 18
_TOO_LARGE = (10334, 17419, 17420)  # what servers call a document that grew beyond what they hold
_ID = "_id"


def connect(uri: str, *, timeout_ms: int = 5_000) -> MongoClient[Raw]:
    """A client; make it in the process that uses it, after any fork. Raises SettingsError where it is no address.

    What the client has against the address may quote it, so neither that nor the address itself is told.
    """
    try:
        return MongoClient(uri, serverSelectionTimeoutMS=timeout_ms, tz_aware=True, appname="schakel")
    except (PyMongoError, ValueError, TypeError) as error:
        name = type(error).__name__
    raise SettingsError(
        f"MONGODB_URI is no address of a database ({name}). In a password, / : @ % are written as %2F …"
    )


def guarded(call: Callable[P, T]) -> Callable[P, T]:
    """Makes every error of the driver's a StoreUnavailableError with a sentence."""

    @wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except PyMongoError as error:
            raise StoreUnavailableError(_sentence(error)) from error

    return wrapper


def _sentence(error: PyMongoError) -> str:
    if isinstance(error, OperationFailure) and error.code == _AUTHENTICATION_FAILED:
        return "The database lets nobody in with the user name and password of MONGODB_URI (and its authSource)."
    return f"The database did not do it: {type(error).__name__}: {error}"


class MongoStore:
    """The store of one database. See the port for its contract."""

    def __init__(self, client: MongoClient[Raw], database: str) -> None:
        self._client = client
        self._db: Database[Raw] = client[database]

    @guarded
    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """One query by `_id`."""
        wanted = list(ids)
        if not wanted:
            return {}
        where = {_ID: wanted[0]} if len(wanted) == 1 else {_ID: {"$in": wanted}}
        return {raw[_ID]: _document(raw) for raw in self._db[collection].find(where)}

    @guarded
    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """`insert_many` for the new ones, some at a time, and one unordered `bulk_write` for the rest."""
        new = [write for write in writes if write.version == 1]
        old = [write for write in writes if write.version > 1]
        pieces = [new[start : start + INSERTS_AT_ONCE] for start in range(0, len(new), INSERTS_AT_ONCE)]
        try:
            return self._update(collection, old).union(*(self._insert(collection, piece) for piece in pieces))
        except NO_DOCUMENT as error:
            raise _unstorable(writes) from error
        except (WriteError, BulkWriteError) as error:
            if _is_too_large(error):
                raise _unstorable(writes) from error
            raise

    def _insert(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        if len(writes) == 1:
            return self._insert_one(collection, writes[0])
        try:
            if writes:
                self._db[collection].insert_many([_raw(write) for write in writes], ordered=False)
        except BulkWriteError as error:
            errors = error.details["writeErrors"]
            if any(each["code"] != _DUPLICATE_KEY for each in errors):
                raise
            return frozenset(writes[each["index"]].id for each in errors)
        return frozenset()

    def _insert_one(self, collection: str, write: Write) -> frozenset[str]:
        try:
            self._db[collection].insert_one(_raw(write))
        except DuplicateKeyError:
            return frozenset([write.id])
        return frozenset()

    def _update(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """A batch's answer says how many matched, not which: where fewer did, the stamp tells whose write it is."""
        if not writes:
            return frozenset()
        stamp = new_id()
        result = self._db[collection].bulk_write([_update(write, stamp) for write in writes], ordered=False)
        if result.matched_count == len(writes):
            return frozenset()
        ids = [write.id for write in writes]
        won = {
            raw[_ID]
            for raw in self._db[collection].find({_ID: {"$in": ids}}, {"stamp": 1})
            if raw.get("stamp") == stamp
        }
        return frozenset(ids) - won

    @guarded
    def find(
        self, collection: str, where: Where, *, sort: str = _ID, descending: bool = False, limit: int = 0
    ) -> list[Document]:
        """An ordinary query."""
        way = DESCENDING if descending else ASCENDING
        cursor = self._db[collection].find(dict(where)).sort(sort, way).limit(limit)
        return [_document(raw) for raw in cursor]

    @guarded
    def count(self, collection: str, where: Where) -> int:
        """An ordinary count."""
        return self._db[collection].count_documents(dict(where))

    @guarded
    def pending(self, collection: str, limit: int) -> list[Pending]:
        """By the sparse index on `outbox.id`: it holds only documents that have something to publish."""
        where = {"outbox.id": {"$gt": ""}}
        raws = self._db[collection].find(where, {"outbox": 1}).limit(limit)
        return [
            Pending(document_id=raw[_ID], outgoing=tuple(Outgoing(**each) for each in raw["outbox"])) for raw in raws
        ]

    @guarded
    def published(self, collection: str, event_ids: Mapping[str, Sequence[str]]) -> None:
        """`$pull` by event id, so that an event added meanwhile is not dropped."""
        updates = [
            UpdateOne({_ID: document}, {"$pull": {"outbox": {"id": {"$in": list(ids)}}}})
            for document, ids in event_ids.items()
        ]
        if updates:
            self._db[collection].with_options(write_concern=_LOSABLE).bulk_write(updates, ordered=False)

    @guarded
    def remove(self, collection: str, versions: Mapping[str, int]) -> int:
        """One by one: it is rare."""
        wheres = [{_ID: each, "version": version} for each, version in versions.items()]
        return sum(self._db[collection].delete_one(where).deleted_count for where in wheres)

    @guarded
    def ensure(self, collection: str, indexes: Sequence[Index]) -> None:
        """Creates what is missing."""
        self._db[collection].create_index([("outbox.id", ASCENDING)], sparse=True)
        for index in indexes:
            self._db[collection].create_index([(name, ASCENDING) for name in index.fields], sparse=index.sparse)

    def raw(self, collection: str) -> Collection[Raw]:
        """As the driver has it: for who carries all of it elsewhere."""
        return self._db[collection]

    @guarded
    def collections(self) -> list[str]:
        """Every collection that there is."""
        return sorted(self._db.list_collection_names())

    @guarded
    def ping(self) -> None:
        """A read: a server whose engine gave up, on a full disk say, still answers its own ping."""
        self._db[_PROBED].find_one({_ID: ""})

    def close(self) -> None:
        """Lets go of the connections."""
        self._client.close()


def _unstorable(writes: Sequence[Write]) -> UnstorableError:
    """Which of them it is, and why: the driver names none. Where none is wrong by itself, all may be."""
    found = {write.id: why for write in writes if (why := obstacle(_raw(write)))}
    return UnstorableError(found or dict.fromkeys((write.id for write in writes), "It cannot be written."))


def _is_too_large(error: WriteError | BulkWriteError) -> bool:
    each = error.details.get("writeErrors", [error.details]) if error.details else []
    return any(one.get("code") in _TOO_LARGE for one in each)


def _raw(write: Write) -> Raw:
    return {
        _ID: write.id,
        "version": write.version,
        "state": write.state,
        "inbox": list(write.inbox),
        "outbox": [_outgoing(each) for each in write.outgoing],
    }


def _outgoing(each: Outgoing) -> Raw:
    return {"id": each.id, "topic": each.topic, "key": each.key, "body": each.body, "at": each.at}


def _update(write: Write, stamp: str) -> UpdateOne:
    change: Raw = {"$set": {"version": write.version, "state": write.state, "inbox": list(write.inbox), "stamp": stamp}}
    if write.outgoing:
        change["$push"] = {"outbox": {"$each": [_outgoing(each) for each in write.outgoing]}}
    return UpdateOne({_ID: write.id, "version": write.version - 1}, change)


def _document(raw: Raw) -> Document:
    return Document(id=raw[_ID], version=raw["version"], state=raw["state"], inbox=tuple(raw["inbox"]))
