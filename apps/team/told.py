"""What was changed in a workspace, in words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import dateformat, timezone

from console.readers import LEVELS


class Told(NamedTuple):
    """`text` begins with a verb; `name` at `url` is what it was done to, `rest` goes on."""

    text: str
    name: str = ""
    url: str = ""
    rest: str = ""


def told(entry: Any) -> Told:
    before, after = entry.before, entry.after
    if entry.action == "team.manage":
        return of_connection(after) if "api_url" in after else of_seat(before, after)
    if entry.action == "limits.edit":
        return Told("changed", "the limits", reverse("usage:limits"))
    if "shared" in after:
        return Told("made a link to", after["shared"], after.get("page", ""), ends(after["until"]))
    if "access" in after:
        level = LEVELS.get(after["access"], (after["access"],))[0]
        name = after["of"].rpartition("/")[2]
        return Told("set who can read", name, after.get("page", ""), f"to {level}")
    return Told(entry.action)


def of_seat(before: Mapping[str, Any], after: Mapping[str, Any]) -> Told:
    name, had, has = after["name"], before["role"], after["role"]
    if "link" in after:
        return Told(f"made a sign-in link for {name}")
    if had == "none":
        return Told(f"added {name} as {has}")
    if has == "none":
        return Told(f"removed {name}, who was {had}")
    return Told(f"changed {name} from {had} to {has}")


def of_connection(after: Mapping[str, Any]) -> Told:
    rest = "with another token" if after["token"] else ""
    return Told("connected", after["api_url"], reverse("account:workspace"), rest)


def ends(until: int | None) -> str:
    """`until` in seconds."""
    if until is None:
        return "that works without end"
    end = timezone.localtime(datetime.fromtimestamp(until, UTC))
    return f"that works until {dateformat.format(end, 'j F Y, H:i')}"
