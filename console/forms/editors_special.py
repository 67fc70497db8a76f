"""Dates, proxies and sub-forms."""

import re
from typing import Any

from console.forms.editors import (
    Editor,
    Post,
    Problem,
    effective,
    one_line,
    posted,
    resolve,
)
from console.forms.editors_rows import indexes
from console.forms.schema import MISSING, Spec

UNITS = ("days", "weeks", "months", "years", "hours", "minutes")
ABSOLUTE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
RELATIVE = re.compile(r"(\d{1,6}) (day|week|month|year|hour|minute)s?\Z")
DateRaw = tuple[str, str, str]  # date, number, unit


def date_kind(spec: Spec) -> str:
    kind = spec.raw.get("dateType")
    return kind if kind in {"absolute", "relative", "absoluteOrRelative"} else "absolute"


def is_date(spec: Spec, value: Any) -> bool:
    if value is None or value == "":
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
    if value is None:
        return True
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


def editor_of(spec: Spec) -> Editor:
    """A sub-field's editor: JSON when not even its default can be shown as it is meant."""
    from console.forms.fields import editor_for

    return editor_for(spec, MISSING)


def children_fit(spec: Spec, value: Any) -> bool:
    """When one sub-field cannot show its value, the whole is shown as JSON."""
    return all(
        child.key not in value or editor_of(child).fits(child, value[child.key])
        for child in spec.children
    )


def child_raws(spec: Spec, value: Any) -> tuple[Any, ...]:
    found = value if isinstance(value, dict) else {}
    return tuple(
        editor_of(child).show(child, found.get(child.key, MISSING)) for child in spec.children
    )


def read_children(spec: Spec, post: Post, name: str) -> tuple[Any, ...]:
    return tuple(
        editor_of(child).read(child, post, f"{name}.{child.key}") for child in spec.children
    )


def merged(spec: Spec, raws: tuple[Any, ...], was: Any) -> dict[str, Any]:
    """Sub-fields put into what was there; keys that the schema does not know survive."""
    made = dict(was) if isinstance(was, dict) else {}
    for child, raw in zip(spec.children, raws, strict=True):
        before = made.get(child.key, MISSING)
        try:
            value = resolve(editor_of(child), child, raw, before)
        except Problem as problem:
            raise Problem(f"{child.title}: {problem}") from None
        if value is MISSING:
            made.pop(child.key, None)
        else:
            made[child.key] = value
    return made


def is_object(spec: Spec, value: Any) -> bool:
    return value is None or (isinstance(value, dict) and children_fit(spec, value))


def show_object(spec: Spec, value: Any) -> tuple[Any, ...]:
    return child_raws(spec, effective(spec, value))


def read_object(spec: Spec, post: Post, name: str) -> tuple[Any, ...]:
    return read_children(spec, post, name)


def object_value(spec: Spec, raw: tuple[Any, ...], was: Any) -> Any:
    return merged(spec, raw, effective(spec, was))


def is_objects(spec: Spec, value: Any) -> bool:
    if value is None:
        return True
    rows = value if isinstance(value, list) else [None]
    return all(isinstance(row, dict) and children_fit(spec, row) for row in rows)


def show_objects(spec: Spec, value: Any) -> tuple[Any, ...]:
    found = effective(spec, value)
    rows = found if isinstance(found, list) else []
    return tuple((str(number), *child_raws(spec, row)) for number, row in enumerate(rows))


def read_objects(spec: Spec, post: Post, name: str) -> tuple[Any, ...]:
    """Each row says which row it was (`from`), so that what it does not show survives."""
    rows = []
    for index in indexes(post, name):
        row = f"{name}.{index}"
        rows.append((posted(spec, post, f"{row}.from"), *read_children(spec, post, row)))
    blank = ("", *child_raws(spec, None))
    return tuple(row for row in rows if row != blank)


def objects_value(spec: Spec, raw: tuple[Any, ...], was: Any) -> Any:
    found = effective(spec, was)
    before = found if isinstance(found, list) else []
    made = []
    for number, (origin, *raws) in enumerate(raw, 1):
        index = int(origin) if origin.isascii() and origin.isdigit() and len(origin) < 7 else -1  # noqa: PLR2004 - more rows than a form can hold
        old = before[index] if 0 <= index < len(before) else None
        try:
            made.append(merged(spec, tuple(raws), old))
        except Problem as problem:
            raise Problem(f"Row {number}: {problem}") from None
    return made


OBJECT = Editor("forms/object.html", is_object, show_object, read_object, object_value)
OBJECTS = Editor("forms/objects.html", is_objects, show_objects, read_objects, objects_value)
