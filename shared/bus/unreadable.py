"""Records that Kafka's client cannot read: they are passed on without key and value, and so become dead letters.

Another producer may have named a header in bytes that are no text, or compressed with what is not installed here.
The client raises once then, and after that it never comes back from a poll. A fault on the way looks the same, so
only what a second client cannot read either is passed over; it stays on its topic, where the letter says.
"""

from collections.abc import Callable, Iterator
from typing import Any

from shared.bus.port import Record

_WAIT_MS = 2_000


class Obstacles:
    """Of one consumer; `errors` are what it raises about records that it cannot read.

    It does not say which: `reader` makes another consumer, of no group, that looks partition by partition.
    """

    def __init__(
        self,
        consumer: Any,  # noqa: ANN401  # kafka-python has no types
        errors: tuple[type[Exception], ...],
        reader: Callable[[], Any],
    ) -> None:
        self._consumer = consumer
        self._errors = errors
        self._reader = reader

    def past(self, error: Exception) -> list[Record]:
        """The records that stand in the way, each passed over; raises the error where there are none."""
        stuck = list(self._stuck())
        if not stuck:
            raise error
        return [self._passed(partition, error) for partition in stuck]

    def _stuck(self) -> Iterator[Any]:
        reader = self._reader()
        try:
            for each in self._consumer.assignment():
                reader.assign([each])
                reader.seek(each, self._consumer.position(each))
                if self._cannot_read(reader):
                    yield each
        finally:
            reader.close()

    def _cannot_read(self, reader: Any) -> bool:  # noqa: ANN401  # as above
        try:
            reader.poll(timeout_ms=_WAIT_MS, max_records=1)
        except self._errors:
            return True
        return False

    def _passed(self, partition: Any, error: Exception) -> Record:  # noqa: ANN401  # as above
        offset = self._consumer.position(partition)
        self._consumer.seek(partition, offset + 1)
        why = (("unreadable", str(error)),)
        return Record(
            topic=partition.topic, partition=partition.partition, offset=offset, key="", value=b"", headers=why
        )
