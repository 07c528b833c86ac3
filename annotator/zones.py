"""Time zones (IANA), by region, for people to choose from; times themselves are kept in UTC."""

from functools import cache
from zoneinfo import available_timezones

REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
UTC = "UTC"


@cache
def regions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the regions in order, each with its zones as (name, words): `Europe/Berlin` is "Berlin" in "Europe"."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        if region in found:
            found[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [(region, zones) for region, zones in found.items() if zones]


@cache
def known_zones() -> frozenset[str]:
    """Give the names that can be chosen."""
    return frozenset({UTC, *(name for _, zones in regions() for name, _ in zones)})
