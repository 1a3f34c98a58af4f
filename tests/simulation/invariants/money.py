"""Promise 7: money is whole cents, quantities whole base units, and VAT is rounded once a rate on the whole."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.simulation.site import Person, operator
from tests.simulation.world import World

_MEASURED = ("lat", "lon", "celsius")  # what is not counted but measured


def totals(hub: World) -> None:
    """Every order's bill, worked out anew from what its lines say."""
    clerk = operator("orders")
    for id_ in hub.states("orders", "orders"):
        _bill(hub, clerk, id_)


def _bill(hub: World, clerk: Person, id_: str) -> None:
    order = hub.site.send(clerk, "GET", f"/v1/orders/{id_}").json
    net: dict[int, int] = defaultdict(int)
    for line in order["lines"]:
        cents = _cents(line)
        hub.notes.expect(
            cents == line["amount_cents"], "7_whole_cents", f"Order {id_}, line {line['id']}: {cents}, {line}."
        )
        net[line["product"]["vat_percent"]] += cents
    vat = {percent: (2 * percent * cents + 100) // 200 for percent, cents in net.items()}
    found = order["totals"]
    shown = {each["percent"]: each["cents"] for each in found["vat"]}
    sums = sum(net.values()), vat, sum(net.values()) + sum(vat.values())
    kinds = {type(each) for each in (found["net_cents"], found["gross_cents"], *shown.values())}
    hub.notes.expect(kinds <= {int}, "7_whole_cents", f"Order {id_} is billed in {kinds}.")
    same = sums == (found["net_cents"], shown, found["gross_cents"])
    hub.notes.expect(same, "7_whole_cents", f"Order {id_} adds up to {sums}, and is billed {found}.")


def _cents(line: dict[str, Any]) -> int:
    """By weight: in proportion to the grams of all packs that were weighed together, half up."""
    billed, price, size = line["billed"], line["pack"]["price_cents"], line["pack"]["size"]
    if not line["pack"]["by_weight"] or line["grams"] is None or not billed:
        return int(price * billed)
    weighed = line["collected"] or line["confirmed"] or billed
    numerator, denominator = price * line["grams"] * billed, size * weighed
    return int((2 * numerator + denominator) // (2 * denominator))


def no_floats(hub: World) -> None:
    """In no document does a float stand where money or a quantity could."""
    for name, store in hub.stores.items():
        for collection, documents in store.inner._documents.items():
            for id_, document in documents.items():
                found = list(_floats(document.state, ""))
                hub.notes.expect(not found, "7_whole_cents", f"{name}, {collection}/{id_} has floats: {found}.")


def _floats(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, float) and name not in _MEASURED:
        yield f"{name} {value}"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _floats(each, key)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _floats(each, name)
