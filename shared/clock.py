"""Time, the only place that reads it: instants are UTC text of one fixed width, people see Europe/Brussels."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.errors import InvalidError

BRUSSELS = ZoneInfo("Europe/Brussels")
EPOCH = "1970-01-01T00:00:00.000Z"
INSTANT = r"^2[01][0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z$"
YEARS = range(2000, 2200)  # what a food hub may speak of


def now() -> str:
    """The instant it is, such as `2030-01-01T00:00:00.000Z`."""
    return to_instant(datetime.now(UTC))


def to_instant(moment: datetime) -> str:
    """An aware datetime as an instant, cut to milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_datetime(instant: str) -> datetime:
    """An instant as an aware UTC datetime."""
    return datetime.fromisoformat(instant)


def is_instant(text: str) -> bool:
    """Whether this is an instant in the one form that they have here."""
    if not re.fullmatch(INSTANT, text):
        return False
    try:
        to_datetime(text)
    except ValueError:
        return False
    return True


def parse(text: str) -> str:
    """ISO 8601 text with an offset as an instant; refuses what has none, or is not a time at all."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidError(
            "not_a_time", f"'{text[:40]}' is not an ISO 8601 time; write 2030-01-31T08:00:00+01:00."
        ) from None
    if moment.tzinfo is None:
        raise InvalidError("offset_missing", "The time has no offset; write 2030-01-31T08:00:00+01:00.")
    if moment.year not in YEARS:
        raise InvalidError("not_a_time", f"The time lies outside the years {YEARS.start} to {YEARS.stop - 1}.")
    return to_instant(moment)


def to_brussels(instant: str) -> str:
    """The instant as a person in Flanders reads it: local wall time with its offset, milliseconds where it has any."""
    precision = "seconds" if ".000" in instant else "milliseconds"
    return to_datetime(instant).astimezone(BRUSSELS).isoformat(timespec=precision)


def brussels_day(instant: str) -> str:
    """The Brussels calendar day of an instant, `YYYY-MM-DD`."""
    return to_datetime(instant).astimezone(BRUSSELS).date().isoformat()


def day_bounds(day: str) -> tuple[str, str]:
    """The instants at which a Brussels day starts and ends: 23, 24 or 25 hours apart, with summer time.

    Raises InvalidError where `day` is not a date of the form `YYYY-MM-DD`.
    """
    try:
        first = date.fromisoformat(day)
        after = first + timedelta(days=1)
    except (ValueError, OverflowError):
        raise InvalidError("not_a_date", f"'{day[:40]}' is not a date; write 2030-01-31.") from None
    return tuple(to_instant(datetime.combine(d, time(), BRUSSELS)) for d in (first, after))  # type: ignore[return-value]  # two of them


def plus(instant: str, *, seconds: float) -> str:
    """The instant so many seconds later (earlier where negative)."""
    return to_instant(to_datetime(instant) + timedelta(seconds=seconds))


def seconds_between(earlier: str, later: str) -> float:
    """How many seconds `later` is after `earlier`."""
    return (to_datetime(later) - to_datetime(earlier)).total_seconds()
