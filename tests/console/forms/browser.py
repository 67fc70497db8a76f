"""What a browser would send for a page: enough of HTML's rules to be fair to the forms."""

import math
import re
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.http import QueryDict


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "input" and name:
            self._input(name, values)
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append((values.get("value", "\0"), "selected" in values))

    def _input(self, name: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in {"checkbox", "radio"}:
            if "checked" in values:
                self.pairs.append((name, values.get("value", "on")))
        elif kind == "number":
            value = values.get("value", "")
            self.pairs.append((name, value if is_number(value) else ""))
        elif kind == "date":
            value = values.get("value", "")
            self.pairs.append((name, value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else ""))
        elif kind != "file":
            self.pairs.append((name, re.sub(r"[\r\n]", "", values.get("value", ""))))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)
        elif self._select and self._select[1] and self._select[1][-1][0] == "\0":
            self._select[1][-1] = (data.strip(), self._select[1][-1][1])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            name, parts = self._area
            text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
            self.pairs.append((name, text.removeprefix("\n").replace("\n", "\r\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.pairs.append((name, chosen[-1]))
            self._select = None


def is_number(text: str) -> bool:
    """A floating-point number of HTML that is finite."""
    fine = re.fullmatch(r"-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?", text, re.ASCII)
    return fine is not None and math.isfinite(float(text))


def submitted(html: str) -> QueryDict:
    """The form data of all fields in `html`."""
    fields = _Fields()
    fields.feed(html)
    fields.close()
    return QueryDict(urlencode(fields.pairs))
