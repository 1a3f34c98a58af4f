"""Mistakes that somebody could make, each of which the simulator must find. A further one is one line in a table."""

from tests.simulation.bugs import deciding, storing
from tests.simulation.bugs.plant import Bug

BUGS: tuple[Bug, ...] = (*storing.BUGS, *deciding.BUGS)
