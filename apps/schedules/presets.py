"""The tabs of the editor: common patterns as a few fields, and back from cron to them."""

import re
from calendar import month_name
from collections.abc import Mapping
from typing import Any, Final

MODES: Final = (
    ("minute", "Minute"),
    ("hourly", "Hourly"),
    ("daily", "Daily"),
    ("weekly", "Weekly"),
    ("monthly", "Monthly"),
    ("yearly", "Yearly"),
    ("cron", "Cron"),
)
DAYS: Final = (
    ("1", "Mon"),
    ("2", "Tue"),
    ("3", "Wed"),
    ("4", "Thu"),
    ("5", "Fri"),
    ("6", "Sat"),
    ("0", "Sun"),
)
MONTHS: Final = tuple((str(number), month_name[number]) for number in range(1, 13))
MINUTES: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
HOURS: Final = (1, 2, 3, 4, 6, 8, 12)
BEGIN: Final = {
    "minutes": "15",
    "hours": "1",
    "minute": "0",
    "time": "09:00",
    "days": ["1"],
    "day": "1",
    "month": "1",
}
MINUTE: Final = r"(?P<minute>\d{1,2})"
TIME: Final = MINUTE + r" (?P<hour>\d{1,2})"
SHAPES: Final = {
    "minute": r"\*(/(?P<minutes>\d+))? \* \* \* \*",
    "hourly": MINUTE + r" \*(/(?P<hours>\d+))? \* \* \*",
    "daily": TIME + r" \* \* \*",
    "weekly": TIME + r" \* \* (?P<days>[0-6](?:-[0-6]|(?:,[0-6])*))",
    "monthly": TIME + r" (?P<day>\d{1,2}) \* \*",
    "yearly": TIME + r" (?P<day>\d{1,2}) (?P<month>\d{1,2}) \*",
}
OFFERED: Final = {"minutes": MINUTES, "hours": HOURS}


def expression(mode: str, chosen: Mapping[str, Any]) -> str:
    """`chosen` has the fields of the mode, valid ones; `time` is HH:MM."""
    hour, _, minute = chosen.get("time", "").partition(":")
    at = f"{int(minute or 0)} {int(hour or 0)}"
    match mode:
        case "minute":
            return f"{every(chosen['minutes'])} * * * *"
        case "hourly":
            return f"{int(chosen['minute'])} {every(chosen['hours'])} * * *"
        case "weekly":
            return f"{at} * * {','.join(sorted(chosen['days']))}"
        case "monthly":
            return f"{at} {chosen['day']} * *"
        case "yearly":
            return f"{at} {chosen['day']} {chosen['month']} *"
        case _:
            return f"{at} * * *"


def every(step: int | str) -> str:
    return "*" if int(step) == 1 else f"*/{step}"


def fields(cron: str) -> dict[str, Any]:
    """`mode` and the fields of all tabs: those of a pattern that is known, else what they begin
    with."""
    for mode, shape in SHAPES.items():
        match = re.fullmatch(shape, " ".join(cron.split()))
        if match and (found := read(match.groupdict())) is not None:
            return {**BEGIN, **found, "mode": mode, "cron": cron}
    return {**BEGIN, "mode": "cron", "cron": cron}


def read(found: dict[str, str | None]) -> dict[str, Any] | None:
    """None when the tab does not offer what the expression says."""
    made: dict[str, Any] = {}
    for name, value in found.items():
        if name in OFFERED:
            made[name] = value or "1"
            if int(made[name]) not in OFFERED[name]:
                return None
        elif name == "hour":
            made["time"] = f"{int(value or 0):02}:{int(found['minute'] or 0):02}"
        elif name == "days":
            made[name] = days(value or "")
        else:
            made[name] = str(int(value or 0))
    return made


def days(text: str) -> list[str]:
    first, dash, last = text.partition("-")
    if not dash:
        return text.split(",")
    return [str(day) for day in range(int(first), int(last) + 1)]
