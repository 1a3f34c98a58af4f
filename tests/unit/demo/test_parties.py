from itertools import chain
from pathlib import Path

import pytest
from stdnum.be import vat

from deploy.hub.demo.parties import Cast, DemoPack, read_cast
from shared.errors import NeverError
from shared.geo import road_metres
from shared.hub import DEFAULT_HUB
from shared.values import ALLERGENS, PRODUCT_KINDS, STORAGE_CLASSES, UNITS, VAT_PERCENTS, Place

# Postcode and centre of each place that the data names, from the public list of Belgian postcodes.
TOWNS = {
    "Leuven": ("3000", 50.8815, 4.6968),
    "Heverlee": ("3001", 50.8639, 4.6959),
    "Kessel-Lo": ("3010", 50.8851, 4.7357),
    "Wilsele": ("3012", 50.8905, 4.6945),
    "Wijgmaal": ("3018", 50.9262, 4.7020),
    "Herent": ("3020", 50.9082, 4.6705),
    "Veltem-Beisem": ("3020", 50.9063, 4.6208),
    "Winksele": ("3020", 50.8975, 4.6435),
    "Huldenberg": ("3040", 50.7886, 4.5881),
    "Neerijse": ("3040", 50.8174, 4.6235),
    "Blanden": ("3052", 50.8256, 4.7092),
    "Bertem": ("3060", 50.8633, 4.6308),
    "Kortenberg": ("3070", 50.8852, 4.5369),
    "Erps-Kwerps": ("3071", 50.9006, 4.5608),
    "Tervuren": ("3080", 50.8260, 4.5078),
    "Overijse": ("3090", 50.7738, 4.5348),
    "Rotselaar": ("3110", 50.9536, 4.7215),
    "Wezemaal": ("3111", 50.9482, 4.7554),
    "Haacht": ("3150", 50.9789, 4.6413),
    "Aarschot": ("3200", 50.9806, 4.8274),
    "Rillaar": ("3202", 50.9744, 4.8942),
    "Lubbeek": ("3210", 50.8813, 4.8292),
    "Pellenberg": ("3212", 50.8712, 4.7960),
    "Kortrijk-Dutsel": ("3220", 50.9267, 4.8055),
    "Diest": ("3290", 50.9859, 5.0510),
    "Tienen": ("3300", 50.8106, 4.9362),
    "Kumtich": ("3300", 50.8225, 4.8874),
    "Hoegaarden": ("3320", 50.7806, 4.8686),
    "Linter": ("3350", 50.8415, 5.0366),
    "Bierbeek": ("3360", 50.8279, 4.7598),
    "Boutersem": ("3370", 50.8411, 4.8347),
    "Glabbeek": ("3380", 50.8603, 4.9583),
    "Bunsbeek": ("3380", 50.8422, 4.9426),
    "Tielt": ("3390", 50.9409, 4.9047),
    "Sint-Joris-Winge": ("3390", 50.9077, 4.8768),
    "Assent": ("3460", 50.9526, 5.0159),
    "Kortenaken": ("3470", 50.8974, 5.0664),
}

# Cents without VAT for one kilogram on the scale, least and most, that a shop may believe of a kind.
BELIEVABLE = {
    "vegetables": (100, 600),
    "potatoes": (60, 300),
    "fruit": (120, 1_100),
    "herbs": (800, 2_500),
    "dairy": (80, 1_200),
    "cheese": (1_000, 2_200),
    "eggs": (250, 700),
    "meat": (600, 1_900),
    "poultry": (500, 1_500),
    "bread": (200, 700),
    "pastry": (500, 1_300),
    "flour": (90, 500),
    "juice": (120, 300),
    "drinks": (200, 1_000),
    "honey": (700, 1_300),
    "preserves": (200, 900),
    "soup": (200, 500),
    "plants": (250, 600),
}


@pytest.fixture(scope="module")
def cast() -> Cast:
    return read_cast()


def places(cast: Cast) -> list[Place]:
    return [party.place for party in (*cast.farms, *cast.enterprises, *cast.shops)]


def cents_a_kilo(pack: DemoPack) -> int:
    return pack.price_cents * 1_000 // pack.grams


def test_the_hub_has_about_twenty_farms_four_enterprises_and_thirty_shops(cast: Cast) -> None:
    assert 20 <= len(cast.farms) <= 24
    assert len(cast.enterprises) == 4
    assert len(cast.shops) == 30


def test_every_party_has_a_valid_enterprise_number_of_its_own(cast: Cast) -> None:
    numbers = [party.kbo for party in (*cast.farms, *cast.enterprises, *cast.shops)]

    assert [each for each in numbers if not vat.is_valid(each) or vat.compact(each) != each] == []
    assert len(set(numbers)) == len(numbers)


def test_the_numbers_are_the_same_every_time(cast: Cast) -> None:
    assert cast.farms[0].kbo == "1900100138"
    assert read_cast() == cast


def test_names_and_addresses_of_parties_differ(cast: Cast) -> None:
    parties = [*cast.farms, *cast.enterprises, *cast.shops]

    assert len({party.name for party in parties}) == len(parties)
    assert len({party.email for party in parties}) == len(parties)
    assert len({(party.place.lat, party.place.lon) for party in parties}) == len(parties)


def test_every_place_lies_in_the_town_that_it_names(cast: Cast) -> None:
    for place in places(cast):
        postcode, lat, lon = TOWNS[place.town]

        assert place.postcode == postcode, place
        assert road_metres(place.lat, place.lon, lat, lon) < 3_000, place


def test_every_place_is_near_the_depot(cast: Cast) -> None:
    depot = DEFAULT_HUB.depot

    assert max(road_metres(each.lat, each.lon, depot.lat, depot.lon) for each in places(cast)) < 45_000


def test_every_farm_lists_two_or_three_lots(cast: Cast) -> None:
    assert {len(farm.lots) for farm in cast.farms} <= {2, 3}


def test_products_use_the_hubs_words(cast: Cast) -> None:
    for lot in chain.from_iterable(farm.lots for farm in cast.farms):
        product = lot.product
        assert product.kind in PRODUCT_KINDS
        assert product.unit in UNITS
        assert product.vat_percent in VAT_PERCENTS
        assert product.storage.kind in STORAGE_CLASSES
        assert (product.storage.max_celsius is None) == (product.storage.kind == "ambient"), product.name
        assert set(product.allergens) <= set(ALLERGENS)


def test_drinks_with_alcohol_carry_the_high_rate_and_food_the_low_one(cast: Cast) -> None:
    for lot in chain.from_iterable(farm.lots for farm in cast.farms):
        assert lot.product.vat_percent == (21 if lot.product.kind == "drinks" else 6), lot.product.name


def test_a_farm_names_each_product_once(cast: Cast) -> None:
    names = [lot.product.name for farm in cast.farms for lot in farm.lots]

    assert len(set(names)) == len(names)
    assert len(cast.wares) == len(names)


def test_packs_weigh_and_fill_crates_as_such_things_do(cast: Cast) -> None:
    for lot in chain.from_iterable(farm.lots for farm in cast.farms):
        for pack in lot.packs:
            assert 1 <= pack.per_crate <= 60, (lot.ware, pack)
            assert 1_500 <= pack.grams * pack.per_crate <= 26_000, (lot.ware, pack)
            if lot.product.unit == "g":
                assert pack.size <= pack.grams <= pack.size * 17 // 10, (lot.ware, pack)


def test_prices_are_believable_by_the_kilogram(cast: Cast) -> None:
    for lot in chain.from_iterable(farm.lots for farm in cast.farms):
        least, most = BELIEVABLE[lot.product.kind]
        for pack in lot.packs:
            assert least <= cents_a_kilo(pack) <= most, (lot.ware, pack, cents_a_kilo(pack))


def test_larger_packs_are_no_dearer_by_the_unit(cast: Cast) -> None:
    for lot in chain.from_iterable(farm.lots for farm in cast.farms):
        by_size = sorted(lot.packs, key=lambda pack: pack.size)
        rates = [pack.price_cents / pack.size for pack in by_size]

        assert rates == sorted(rates, reverse=True), lot.ware


def test_every_lot_holds_many_of_its_largest_pack(cast: Cast) -> None:
    for lot in chain.from_iterable(farm.lots for farm in cast.farms):
        assert lot.stock >= 8 * max(pack.size for pack in lot.packs), lot.ware


def test_some_lots_are_billed_by_weight_some_organic_some_chilled_and_some_frozen(cast: Cast) -> None:
    lots = [lot for farm in cast.farms for lot in farm.lots]

    assert {lot.product.storage.kind for lot in lots} == set(STORAGE_CLASSES)
    assert {lot.product.kind for lot in lots if any(pack.by_weight for pack in lot.packs)} >= {"poultry", "cheese"}
    assert any(lot.product.organic for lot in lots)
    assert any(len(lot.packs) == 3 for lot in lots)


def test_the_enterprises_together_can_do_every_kind_of_job(cast: Cast) -> None:
    skills = set(chain.from_iterable(enterprise.skills for enterprise in cast.enterprises))
    movers = [each for each in cast.enterprises if "deliver" in each.skills]

    assert skills == {"collect", "pack", "deliver"}
    assert sum(any(vehicle.frozen for vehicle in each.vehicles) for each in movers) >= 2
    assert len({each.skills for each in cast.enterprises}) > 1


def test_a_data_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "farms"
    folder.mkdir()
    (folder / "wrong.toml").write_text("[[farms]]\nnumber = 'one'\n", encoding="utf-8")

    with pytest.raises(NeverError, match=r"wrong\.toml cannot be used"):
        read_cast(folder.parent)
