"""Query parameters, read by one integer and one boolean parser (semantics.md rules 17, 34-45)."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from apps.platform.domain.errors import invalid_value

MAXIMUM = 1000
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?\Z")
_TRUE = frozenset({"true", "1"})


@dataclass(frozen=True, slots=True)
class Page:
    offset: int
    limit: int
    desc: bool


class Query:
    """The last value of a repeated parameter counts."""

    __slots__ = ("_values",)

    def __init__(self, raw: bytes) -> None:
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, errors="replace")
        self._values = dict(pairs)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str | None = None) -> str | None:
        value = self._values.get(name)
        if value is None:
            return default
        if "\0" in value:
            raise invalid_value(f"{name} must not hold a NUL character")
        return value

    def boolean(self, name: str, default: bool = False) -> bool:
        """`true` or `1`; a word that is neither true nor false counts as false (rule 17)."""
        value = self._values.get(name)
        if value is None:
            return default
        return value.lower() in _TRUE

    def flag(self, name: str) -> bool | None:
        """As `boolean`, None when it was not said."""
        return self.boolean(name) if name in self._values else None

    def amount(self, name: str) -> float | None:
        """US dollars, not negative."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if not _AMOUNT.match(value.strip()):
            raise invalid_value(f"{name} must be an amount such as 2.50")
        return float(value)

    def integer(
        self, name: str, default: int | None = None, minimum: int = 0, maximum: int | None = None
    ) -> int | None:
        """Clamped to `maximum`; ApiError 400 when it is no integer or below `minimum`."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        if not _INTEGER.match(value.strip()):
            raise invalid_value(f"{name} must be an integer")
        number = int(value)
        if number < minimum:
            raise invalid_value(f"{name} must be at least {minimum}")
        return number if maximum is None else min(number, maximum)

    def names(self, name: str) -> list[str]:
        value = self.text(name) or ""
        return [part.strip() for part in value.split(",") if part.strip()]

    def page(self, maximum: int = MAXIMUM) -> Page:
        """offset, limit, desc with `limit=0` meaning none asked (rules 35-43, 52)."""
        limit = self.integer("limit", maximum, maximum=maximum)
        offset = self.integer("offset", 0)
        return Page(offset or 0, limit or maximum, self.boolean("desc"))
