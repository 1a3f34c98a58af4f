"""Distances: great circle, stretched to what roads in Flanders make of it."""

import math

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
ROAD_FACTOR = 1.34  # driven distance over great-circle distance in this dense road network


def road_metres(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> int:
    """Metres by road between two WGS 84 positions in degrees: haversine × 1.34, rounded."""
    phi_a, phi_b = math.radians(a_lat), math.radians(b_lat)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b_lon - a_lon) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, max(0.0, half)))) * ROAD_FACTOR)


def box(lat: float, lon: float, metres: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """`((lat from, lat to), (lon from, lon to))` that holds every point within so many metres by road.

    The widest longitudes of a circle lie not at its centre's latitude but a little nearer the pole.
    """
    reach = (metres + 1) / ROAD_FACTOR / EARTH_RADIUS_M
    high = math.degrees(reach)
    wide = math.degrees(math.asin(min(1.0, math.sin(min(reach, math.pi / 2)) / math.cos(math.radians(lat)))))
    return (lat - high, lat + high), (lon - wide, lon + wide)
