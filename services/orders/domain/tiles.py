"""The map in tiles of a tenth of a degree, so that an ordinary index finds what is near."""

import math

_PER_DEGREE = 10

Span = tuple[float, float]


def tile_of(lat: float, lon: float) -> str:
    """The name of the tile that a position in degrees lies in."""
    return _name(math.floor(lat * _PER_DEGREE), math.floor(lon * _PER_DEGREE))


def tiles_of(lat: Span, lon: Span) -> tuple[str, ...]:
    """The names of all tiles that a box touches."""
    return tuple(_name(row, column) for row in _steps(lat) for column in _steps(lon))


def _steps(span: Span) -> range:
    return range(math.floor(span[0] * _PER_DEGREE), math.floor(span[1] * _PER_DEGREE) + 1)


def _name(row: int, column: int) -> str:
    return f"{row}/{column}"
