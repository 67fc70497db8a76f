"""Dates, files and proxies."""

import re
from typing import Any

from console.forms.editors import (
    Editor,
    Post,
    Problem,
    effective,
    is_text,
    one_line,
    posted,
    show_line,
    text_value,
)
from console.forms.schema import MISSING, Spec

UNITS = ("days", "weeks", "months", "years", "hours", "minutes")
ABSOLUTE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
RELATIVE = re.compile(r"(\d{1,6}) (day|week|month|year|hour|minute)s?\Z")
DateRaw = tuple[str, str, str]  # date, number, unit


def date_kind(spec: Spec) -> str:
    kind = spec.raw.get("dateType")
    return kind if kind in {"absolute", "relative", "absoluteOrRelative"} else "absolute"


def is_date(spec: Spec, value: Any) -> bool:
    if value == "":
        return True
    if not isinstance(value, str):
        return False
    kind = date_kind(spec)
    fits_absolute = kind != "relative" and ABSOLUTE.match(value)
    return bool(fits_absolute or (kind != "absolute" and RELATIVE.match(value)))


def show_date(spec: Spec, value: Any) -> DateRaw:
    found = effective(spec, value)
    if not isinstance(found, str):
        return ("", "", "days")
    relative = RELATIVE.match(found)
    if relative and date_kind(spec) != "absolute":
        return ("", relative[1], relative[2] + "s")
    return (found if ABSOLUTE.match(found) else "", "", "days")


def read_date(spec: Spec, post: Post, name: str) -> DateRaw:
    unit = posted(spec, post, f"{name}.unit")
    date = posted(spec, post, f"{name}.date").strip()
    number = posted(spec, post, f"{name}.number").strip()
    return (date, number, unit if unit in UNITS else "days")


def date_value(spec: Spec, raw: DateRaw, was: Any) -> Any:
    date, number, unit = raw
    if date and number:
        raise Problem("Fill in either a date or a span, not both.")
    if number:
        if not re.fullmatch(r"\d{1,6}", number):
            raise Problem("Write how many as a whole number.")
        return f"{number} {unit[:-1] if number == '1' else unit}"
    if not date:
        return MISSING
    if not ABSOLUTE.match(date):
        raise Problem("Write the date as 2026-01-31.")
    return date


PROXY_KEYS = {"useApifyProxy", "apifyProxyGroups", "apifyProxyCountry", "proxyUrls"}
ProxyRaw = tuple[str, str, str, str]  # mode, groups, country, URLs


def is_proxy(spec: Spec, value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= PROXY_KEYS:
        return False
    lists = (value.get("apifyProxyGroups", []), value.get("proxyUrls", []))
    texts = all(
        isinstance(each, list) and all(isinstance(item, str) for item in each) for each in lists
    )
    return (
        texts
        and isinstance(value.get("useApifyProxy", False), bool)
        and isinstance(value.get("apifyProxyCountry", ""), str)
    )


def show_proxy(spec: Spec, value: Any) -> ProxyRaw:
    found = effective(spec, value)
    if not isinstance(found, dict):
        return ("none", "", "", "")
    groups = ", ".join(found.get("apifyProxyGroups", []))
    urls = "\n".join(found.get("proxyUrls", []))
    country = one_line(found.get("apifyProxyCountry", ""))
    if found.get("useApifyProxy"):
        return ("groups" if groups else "auto", one_line(groups), country, urls)
    return ("own" if urls else "none", one_line(groups), country, urls)


def read_proxy(spec: Spec, post: Post, name: str) -> ProxyRaw:
    mode = posted(spec, post, f"{name}.mode")
    return (
        mode if mode in {"none", "auto", "groups", "own"} else "none",
        posted(spec, post, f"{name}.groups"),
        posted(spec, post, f"{name}.country"),
        posted(spec, post, f"{name}.urls"),
    )


def proxy_value(spec: Spec, raw: ProxyRaw, was: Any) -> Any:
    mode, groups, country, urls = raw
    if mode == "none":
        return {"useApifyProxy": False}
    if mode == "own":
        found = [line.strip() for line in urls.split("\n") if line.strip()]
        if not found:
            raise Problem("Write the address of at least one proxy.")
        return {"useApifyProxy": False, "proxyUrls": found}
    value: dict[str, Any] = {"useApifyProxy": True}
    if mode == "groups":
        value["apifyProxyGroups"] = [part.strip() for part in groups.split(",") if part.strip()]
    if country.strip():
        value["apifyProxyCountry"] = country.strip().upper()
    return value


DATE = Editor("forms/date.html", is_date, show_date, read_date, date_value)
PROXY = Editor("forms/proxy.html", is_proxy, show_proxy, read_proxy, proxy_value)
FILE = Editor("forms/file.html", is_text, show_line, posted, text_value)
