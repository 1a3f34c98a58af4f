"""Made-up Belgian enterprise numbers: valid to every check, from a range that no enterprise has been given."""

_FIRST = 19_000_000
_GROUP_SIZE = 1_000
_MODULUS = 97


def made_up(group: int, number: int) -> str:
    """The ten digits of member `number` (from 1) of a group of parties; the same ones every time."""
    base = _FIRST + group * _GROUP_SIZE + number
    return f"{base}{_MODULUS - base % _MODULUS:02d}"
