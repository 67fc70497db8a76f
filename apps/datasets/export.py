"""What to export and how: one value, read from the query of the dialog and of the download."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from console.api.calls import Param, params
from console.ui.listing import number

FORMATS: Final = {
    "json": ("JSON", "application/json; charset=utf-8"),
    "jsonl": ("JSONL", "application/jsonl; charset=utf-8"),
    "csv": ("CSV", "text/csv; charset=utf-8"),
}
DELIMITERS: Final = ((",", "Comma"), (";", "Semicolon"), ("tab", "Tab"), ("|", "Bar"))
LONGEST_LIST: Final = 5000


@dataclass(frozen=True, slots=True)
class Export:
    """`offset` and `limit` count items; `limit` None means all. The last four are for CSV alone."""

    format: str = "json"
    fields: str = ""
    omit: str = ""
    offset: int = 0
    limit: int | None = None
    clean: bool = True
    desc: bool = False
    delimiter: str = ","
    bom: bool = True
    header: bool = True
    safe: bool = True
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return FORMATS[self.format][1]

    @property
    def delimiter_name(self) -> str:
        return "tab" if self.delimiter == "\t" else self.delimiter

    @property
    def guarded(self) -> bool:
        return self.format == "csv" and self.safe

    def api_params(self) -> dict[str, Param]:
        """Parameters of Get items for the whole export, as the API spells them."""
        csv: dict[str, Param] = {
            "delimiter": None if self.delimiter == "," else self.delimiter,
            "bom": None if self.bom else False,
            "skipHeaderRow": None if self.header else True,
        }
        return {
            "format": self.format,
            "offset": self.offset or None,
            "limit": self.limit,
            "fields": self.fields or None,
            "omit": self.omit or None,
            "clean": self.clean or None,
            "desc": self.desc or None,
            **(csv if self.format == "csv" else {}),
        }

    def api_url(self, base_url: str, dataset_id: str) -> str:
        """The same export straight from the API; without a token on purpose."""
        query = urlencode(params(**self.api_params()))
        return f"{base_url.rstrip('/')}/v2/datasets/{dataset_id}/items?{query}"


def read_export(query: QueryDict) -> Export:
    """Never fails: what cannot be read is named in `problems`, by field, as a sentence."""
    problems: dict[str, str] = {}
    chosen = query.get("format", "json")
    if chosen not in FORMATS:
        problems["format"] = "Choose JSON, JSONL or CSV."
    delimiter = {"tab": "\t", "": ","}.get(query.get("delimiter", ","), query.get("delimiter", ","))
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        problems["delimiter"] = "Give one character that is no quote or line break."
    offset, limit = number(query.get("offset")), number(query.get("limit"))
    for name, found in (("offset", offset), ("limit", limit)):
        if query.get(name) and found is None:
            problems[name] = "Give a whole number."
    return Export(
        format="json" if "format" in problems else chosen,
        fields=names(query, "fields"),
        omit=names(query, "omit"),
        offset=offset or 0,
        limit=limit or None,
        clean=on(query, "clean", default=True),
        desc=on(query, "desc", default=False),
        delimiter="," if "delimiter" in problems else delimiter,
        bom=on(query, "bom", default=True),
        header=on(query, "header", default=True),
        safe=on(query, "safe", default=True),
        problems=problems,
    )


def names(query: QueryDict, name: str) -> str:
    """Field names as the API wants them: separated by commas, whether one value or many."""
    parts = [part.strip() for value in query.getlist(name) for part in value.split(",")]
    return ",".join(dict.fromkeys(part for part in parts if part))[:LONGEST_LIST]


def on(query: QueryDict, name: str, *, default: bool) -> bool:
    """A box that is off says so by the hidden 0 before it; one never seen has its default."""
    return query.get(name, "1" if default else "0") not in {"0", "false", ""}
