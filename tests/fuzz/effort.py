"""How hard the fuzzers try: always the same, or with `--hypothesis-profile=long` ten times as much, never the same."""

from hypothesis import HealthCheck, Phase, settings

LONG = "long"
_TIMES = 10


def is_long() -> bool:
    """Whether this run was asked to take its time."""
    return settings.get_current_profile_name() == LONG


def many(examples: int) -> int:
    """So many examples, or many more."""
    return examples * _TIMES if is_long() else examples


def budget(examples: int, steps: int = 30) -> settings:
    """The settings of a test with so many examples: a short run is the same every time, a long one never."""
    return settings(
        max_examples=many(examples),
        stateful_step_count=steps,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        derandomize=not is_long(),
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
