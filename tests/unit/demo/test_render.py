import pytest

from deploy.hub.demo.render import euros, quantity


@pytest.mark.parametrize(
    ("units", "unit", "text"),
    [
        (0, "g", "0 kg"),
        (250, "g", "0.2 kg"),
        (12_000, "g", "12 kg"),
        (12_350, "g", "12.3 kg"),
        (129_400, "g", "129 kg"),
        (1_500_000, "g", "1 500 kg"),
        (330, "ml", "0.3 l"),
        (4_960, "piece", "4 960"),
        (-1_500, "g", "-1.5 kg"),
    ],
)
def test_quantities_are_shown_in_units_that_people_use(units: int, unit: str, text: str) -> None:
    assert quantity(units, unit) == text


def test_amounts_are_shown_in_euros() -> None:
    assert euros(5) == "€ 0.05"
    assert euros(123_456) == "€ 1 234.56"
