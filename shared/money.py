"""Money is integer euro cents. Every division rounds half up, once, here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A document's sums in cents: `vat` by rate in percent, rounded once per rate."""

    net: int
    vat: Mapping[int, int]
    gross: int


def share(cents: int, numerator: int, denominator: int) -> int:
    """`cents × numerator / denominator`, half up; all non-negative, denominator positive."""
    return (2 * cents * numerator + denominator) // (2 * denominator)


def vat_totals(amounts: Iterable[tuple[int, int]]) -> Totals:
    """Sums `(vat percent, net cents)` pairs; VAT is taken on each rate's total (Belgian VAT code, art. 53)."""
    by_rate: dict[int, int] = defaultdict(int)
    for percent, cents in amounts:
        by_rate[percent] += cents
    vat = {percent: share(net, percent, 100) for percent, net in sorted(by_rate.items())}
    net = sum(by_rate.values())
    return Totals(net=net, vat=vat, gross=net + sum(vat.values()))
