"""What to export and how: one value, read from the query of the dialog and of the download."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from console.api.calls import Param, params
from console.ui.listing import number


@dataclass(frozen=True, slots=True)
class Format:
    """`ends` are what a whole document of it may end with; without any its items are counted."""

    label: str
    content_type: str
    ends: tuple[bytes, ...] = ()


FORMATS: Final = {
    "json": Format("JSON", "application/json; charset=utf-8"),
    "jsonl": Format("JSONL", "application/jsonl; charset=utf-8"),
    "csv": Format("CSV", "text/csv; charset=utf-8"),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (b"PK\x05\x06",),
    ),
    "xml": Format("XML", "application/xml; charset=utf-8", (b">",)),
    "html": Format("HTML", "text/html; charset=utf-8", (b"</table>", b"</body>", b"</html>")),
    "rss": Format("RSS", "application/rss+xml; charset=utf-8", (b"</rss>",)),
}
DELIMITERS: Final = ((",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Bar"))
LONGEST_LIST: Final = 5000
LONGEST_TEXT: Final = 500

# In the API's spelling. `header` and `safe` are the dialog's own; the last three are of CSV.
LISTS: Final = ("fields", "omit", "unwind", "flatten")
TEXTS: Final = ("xmlRoot", "xmlRow", "feedTitle", "feedDescription")
FLAGS: Final = {
    "clean": True,
    "skipHidden": False,
    "skipEmpty": False,
    "simplified": False,
    "skipFailedPages": False,
    "desc": False,
    "bom": True,
    "header": True,
    "safe": True,
}
SENT: Final = ("clean", "skipHidden", "skipEmpty", "simplified", "skipFailedPages", "desc")
OF_FORMAT: Final = {"xml": ("xmlRoot", "xmlRow"), "rss": ("feedTitle", "feedDescription")}
CHANGE_COUNT: Final = ("skipHidden", "skipEmpty", "simplified", "skipFailedPages")


@dataclass(frozen=True, slots=True)
class Export:
    """`offset` and `limit` count items; `limit` None means all. Names are the API's: `lists` hold
    names joined by commas, `texts` what a format is told, `flags` switches."""

    format: str = "json"
    offset: int = 0
    limit: int | None = None
    delimiter: str = ","
    lists: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(LISTS, ""))
    texts: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(TEXTS, ""))
    flags: Mapping[str, bool] = field(default_factory=lambda: dict(FLAGS))
    inline: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return FORMATS[self.format].content_type

    @property
    def ends(self) -> tuple[bytes, ...]:
        """The root's own end, where it is known; spaces at the end do not count."""
        if self.format == "xml":
            return (f"</{self.texts['xmlRoot'] or 'items'}>".encode(),)
        return FORMATS[self.format].ends

    @property
    def delimiter_name(self) -> str:
        return "tab" if self.delimiter == "\t" else self.delimiter

    @property
    def guarded(self) -> bool:
        return self.format == "csv" and self.flags["safe"]

    @property
    def keeps_count(self) -> bool:
        """Whether each item scanned gives one item, as far as it is clean."""
        return not self.lists["unwind"] and not any(self.flags[name] for name in CHANGE_COUNT)

    def api_params(self) -> dict[str, Param]:
        """Parameters of Get items for the whole export, as the API spells them."""
        told: dict[str, Param] = {
            "format": self.format,
            "offset": self.offset or None,
            "limit": self.limit,
        }
        told |= {name: text or None for name, text in self.lists.items()}
        told |= {name: self.flags[name] or None for name in SENT}
        told |= {name: self.texts[name] or None for name in OF_FORMAT.get(self.format, ())}
        if self.format == "csv":
            told |= {
                "delimiter": None if self.delimiter == "," else self.delimiter,
                "bom": None if self.flags["bom"] else False,
                "skipHeaderRow": None if self.flags["header"] else True,
            }
        return told

    def api_url(self, base_url: str, dataset_id: str, *, signature: str | None = None) -> str:
        """The same export straight from the API; without a token on purpose."""
        query = urlencode(params(**self.api_params(), signature=signature))
        return f"{base_url.rstrip('/')}/v2/datasets/{dataset_id}/items?{query}"


def read_export(query: QueryDict) -> Export:
    """Never fails: what cannot be read is named in `problems`, by field, as a sentence."""
    problems: dict[str, str] = {}
    chosen = query.get("format", "json")
    if chosen not in FORMATS:
        problems["format"] = "Choose JSON, JSONL, CSV, Excel, XML, HTML or RSS."
    delimiter = {"tab": "\t", "": ","}.get(query.get("delimiter", ","), query.get("delimiter", ","))
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        problems["delimiter"] = "Give one character that is no quote or line break."
    offset, limit = number(query.get("offset")), number(query.get("limit"))
    for name, found in (("offset", offset), ("limit", limit)):
        if query.get(name) and found is None:
            problems[name] = "Give a whole number."
    return Export(
        format="json" if "format" in problems else chosen,
        offset=offset or 0,
        limit=limit or None,
        delimiter="," if "delimiter" in problems else delimiter,
        lists={name: names(query, name) for name in LISTS},
        texts={name: query.get(name, "").strip()[:LONGEST_TEXT] for name in TEXTS},
        flags={name: on(query, name, default=usual) for name, usual in FLAGS.items()},
        inline=on(query, "inline", default=False),
        problems=problems,
    )


def names(query: QueryDict, name: str) -> str:
    """Field names as the API wants them: separated by commas, whether one value or many."""
    parts = [part.strip() for value in query.getlist(name) for part in value.split(",")]
    return ",".join(dict.fromkeys(part for part in parts if part))[:LONGEST_LIST]


def on(query: QueryDict, name: str, *, default: bool) -> bool:
    """A box that is off says so by the hidden 0 before it; one never seen has its default."""
    return query.get(name, "1" if default else "0") not in {"0", "false", ""}
