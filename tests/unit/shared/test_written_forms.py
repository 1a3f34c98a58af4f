"""Days, names and times of day have one written form each, the one that the API's description tells."""

import pytest
from marshmallow import Schema, ValidationError

from services.orders.api.profile import DeliveryPlaceSchema, OpeningSchema
from shared.http.fields import Day

PLACE = {"name": "Winkel", "street": "Markt 1", "postcode": "3000", "town": "Leuven", "lat": 50.87, "lon": 4.7}


class OfADay(Schema):
    on = Day()


@pytest.mark.parametrize("text", ["20300131", "2030-W05-4", "2030-1-31", "2030-02-30", "2030-01-31\n", "٢٠٣٠-01-31"])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(ValidationError, match="write 2030-01-31"):
        OfADay().load({"on": text})


def test_a_day_stays_as_it_is() -> None:
    assert OfADay().load({"on": "2030-01-31"}) == {"on": "2030-01-31"}


@pytest.mark.parametrize("id_", ["main\n", "", "-main", "a b", "a" * 41, "é"])
def test_the_id_of_a_delivery_place_is_letters_digits_and_hyphens(id_: str) -> None:
    with pytest.raises(ValidationError, match="1 to 40 letters"):
        DeliveryPlaceSchema().load({**PLACE, "id": id_})


@pytest.mark.parametrize("end", ["12:00\n", "24:00", "9:00", "1200"])
def test_a_time_of_day_has_two_digits_a_colon_and_two_digits(end: str) -> None:
    with pytest.raises(ValidationError, match="write 08:30"):
        OpeningSchema().load({"day": "monday", "start": "08:30", "end": end})
