"""Figures and times as people read them. A missing value is an en dash, never an empty cell."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NONE = "\u2013"
MINUTE, HOUR, DAY = 60, 3600, 86400
KILO = 1000
UNITS = ("B", "kB", "MB", "GB", "TB")
GIBI = 1024
CENTS_SHOWN_FROM = 1  # dollars; below it a run's cost needs a third decimal
CENTS_SHOWN_TO = 1000  # from here on a whole amount is a limit somebody set
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LEAST_USD = 0.0005
LEAST_SECONDS = 0.1
FEW_SECONDS = 10  # where tenths still tell runs apart
NEARLY = 0.9
ACRONYM = 3  # letters


@register.filter
def when(value: datetime | str | None) -> SafeString | str:
    """The exact time in the person's zone: 2026-11-24 13:02:11."""
    moment = as_datetime(value)
    zone = timezone.get_current_timezone()
    return NONE if moment is None else element(moment, zone, local(moment, zone))


@register.filter
def brief(value: datetime | str | None) -> SafeString | str:
    """Day and time as a list shows them, the year where it is another one: 24 Nov 13:02."""
    moment = as_datetime(value)
    zone = timezone.get_current_timezone()
    return NONE if moment is None else element(moment, zone, brief_text(moment, zone))


def brief_text(moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone)
    year = "" if there.year == timezone.now().year else f" {there.year}"
    return f"{there.day} {MONTHS[there.month - 1]}{year} {there:%H:%M}"


@register.filter
def clock(value: datetime | str | None) -> SafeString | str:
    """Hours and minutes, for lists of one day: 13:02."""
    moment = as_datetime(value)
    zone = timezone.get_current_timezone()
    return NONE if moment is None else element(moment, zone, local(moment, zone)[11:16])


@register.filter
def ago(value: datetime | str | None) -> SafeString | str:
    """How long ago, kept fresh in the browser by relative-time.js: 12 min ago."""
    moment = as_datetime(value)
    if moment is None:
        return NONE
    text = relative((timezone.now() - moment).total_seconds())
    return element(moment, timezone.get_current_timezone(), text, "data-relative")


@register.filter
def within_days(value: datetime | str | None, days: int) -> bool:
    """Whether it comes before `days` are over, or has come."""
    moment = as_datetime(value)
    return moment is not None and moment - timezone.now() < timedelta(days=days)


@register.filter
def since(value: datetime | str | None) -> SafeString | str:
    """How long something has been on, ticking in the browser: 11 m 48 s."""
    moment = as_datetime(value)
    if moment is None:
        return NONE
    text = duration(int((timezone.now() - moment).total_seconds()))
    return element(moment, timezone.get_current_timezone(), text, "data-since")


@register.filter
def duration(value: float | str | timedelta | None) -> str:
    """Of seconds: <0.1 s, 0.4 s, 1.4 s, 48 s, 11 m 48 s, 1 h 05 m, 2 d 03 h."""
    seconds = number(value.total_seconds() if isinstance(value, timedelta) else value)
    if seconds is None:
        return NONE
    if 0 < seconds < FEW_SECONDS:
        return f"{int(seconds * 10) / 10:g} s" if seconds >= LEAST_SECONDS else "<0.1 s"
    whole = max(int(seconds), 0)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} m {whole % MINUTE:02} s"
    if whole < DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE:02} m"
    return f"{whole // DAY} d {whole % DAY // HOUR:02} h"


@register.filter
def took(work: Any) -> str:
    """How long a run or build took, "" while it goes on."""
    started, finished = as_datetime(work.started_at), as_datetime(work.finished_at)
    return duration(finished - started) if started and finished else ""


@register.filter
def millis(value: float | str | None) -> str:
    """The same of milliseconds, as the API counts a run's time."""
    found = number(value)
    return NONE if found is None else duration(found / 1000)


@register.filter("bytes")
def size(value: float | str | None) -> str:
    """Decimal units: 812 B, 6.4 kB, 4.2 MB."""
    found = number(value)
    if found is None:
        return NONE
    if round(found) < KILO:
        return f"{found:.0f} B"
    found, power = found / KILO, 1
    while round(found, 1) >= KILO and power < len(UNITS) - 1:
        found, power = found / KILO, power + 1
    return f"{found:.1f} {UNITS[power]}"


@register.filter
def memory(value: float | str | None) -> str:
    """Of MiB, the API's `memoryMbytes`: 512 MB, 4 GB."""
    found = number(value)
    if found is None:
        return NONE
    return f"{found / GIBI:g} GB" if found >= GIBI else f"{found:g} MB"


@register.filter
def usd(value: float | str | None) -> str:
    dollars = number(value)
    if dollars is None:
        return NONE
    if 0 < dollars < LEAST_USD:
        return "<$0.001"
    if dollars >= CENTS_SHOWN_TO and dollars == int(dollars):
        return f"${dollars:,.0f}"
    return f"${dollars:,.2f}" if dollars >= CENTS_SHOWN_FROM else f"${dollars:.3f}"


@register.filter
def count(value: float | str | None) -> str:
    found = number(value)
    return NONE if found is None else f"{found:,.0f}"


def percent(value: float | str | None) -> str:
    found = number(value)
    return NONE if found is None else f"{found:.0f} %"


@register.filter
def times(value: float | str | None) -> str:
    """How often: once, twice, 3 times."""
    return {"1": "once", "2": "twice"}.get(often := count(value), f"{often} times")


@register.filter
def spoken(value: str | None) -> str:
    """A constant of the API as words: LEAD_GENERATION is Lead generation, SEO stays."""
    text = (value or "").replace("KEY_VALUE", "KEY-VALUE").replace("_", " ")
    return text if len(text) <= ACRONYM else text.capitalize().replace(" gbytes", ", GB")


@register.simple_tag
def meter(value: float | None, most: float, label: str) -> SafeString:
    """A bar that warns from nine tenths on."""
    used, top = f"{value or 0:g}", f"{most:g}"
    return format_html(
        '<meter min="0" max="{1}" high="{2}" value="{0}" aria-label="{3}">{0} of {1}</meter>',
        used,
        top,
        f"{most * NEARLY:g}",
        label,
    )


def number(value: float | str | None) -> float | None:
    """None for what is no figure, so that one odd field never costs the page."""
    try:
        found = float(value if value is not None else "")
    except (TypeError, ValueError):
        return None
    return found if isfinite(found) else None


def relative(seconds: float) -> str:
    """Past and future, in the words of relative-time.js."""
    span = abs(seconds)
    if span < MINUTE:
        text = f"{span:.0f} s"
    elif span < HOUR:
        text = f"{span // MINUTE:.0f} min"
    elif span < 2 * DAY:
        text = f"{span // HOUR:.0f} h"
    else:
        text = f"{span // DAY:.0f} days"
    return f"{text} ago" if seconds >= 0 else f"in {text}"


def as_datetime(value: Any) -> datetime | None:
    """The API's times arrive as datetimes, sometimes as text."""
    if isinstance(value, str) and value:
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def element(moment: datetime, zone: tzinfo, text: str, mark: str = "") -> SafeString:
    """Kept, since lists show the same moments again; `mark` names the behaviour that updates it."""
    return format_html(
        '<time datetime="{}Z" title="{} {}"{}>{}</time>',
        moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        local(moment, zone),
        zone,
        f" {mark}" if mark else "",
        text,
    )


def local(moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone).replace(tzinfo=None)
    return there.isoformat(sep=" ", timespec="seconds")


@register.filter
def plain_address(url: str) -> str:
    """An address without what may be a secret: the query and the password."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return url.partition("?")[0]
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}{'?…' if parts.query else ''}"
