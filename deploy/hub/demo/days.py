"""Days and hours on the Brussels clock, also across the nights on which it is changed."""

from datetime import date, timedelta

from shared import clock

_DAY_H = 24
_HOUR_S = 3_600


def day_after(now: str, days: int) -> str:
    """The Brussels calendar day so many days after the one of an instant, `YYYY-MM-DD`."""
    return (date.fromisoformat(clock.brussels_day(now)) + timedelta(days=days)).isoformat()


def at_hour(day: str, hour: int) -> str:
    """That full hour of a Brussels day, as its clock says it; from 4 on, since it is changed before."""
    _, midnight = clock.day_bounds(day)
    return clock.to_brussels(clock.plus(midnight, seconds=(hour - _DAY_H) * _HOUR_S))
