"""Time zones to choose from: places, and UTC."""

from typing import Final
from zoneinfo import available_timezones

ZONES: Final = (
    ("UTC", "UTC"),
    *sorted(
        (zone, zone.replace("_", " "))
        for zone in available_timezones()
        if "/" in zone and "Etc/" not in zone
    ),
)
