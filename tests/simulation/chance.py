"""The one source of all chance in a simulation: every draw follows from the seed and from what it is for."""

from random import Random


def chance(*what: object) -> Random:
    """A source of its own for this purpose; the same words always give the same draws, in every process."""
    return Random("/".join(str(each) for each in what))  # noqa: S311  # it must be repeatable, not secret
