"""What a record may be shown as. Nothing in it ever runs: text is escaped, images are drawn, and
pages are framed in a sandbox that allows nothing but their styles."""

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from console.api.calls import Answer
from console.ui import json_text

SHOWN: Final = 1_000_000
CUT: Final = 200_000
EDITED: Final = 1_000_000
TEXTUAL: Final = frozenset({"json", "text", "html"})
HTML: Final = "text/html"
CHANGED: Final = "This record is no text that can be edited here. Download it and add it again."
DRAWN: Final = frozenset({
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml",
})  # fmt: skip
TEXTS: Final = frozenset({
    "application/xml", "application/javascript", "application/x-ndjson", "application/jsonl",
    "application/yaml", "application/xhtml+xml", "application/x-www-form-urlencoded",
})  # fmt: skip


TYPES: Final = (
    ("application/json; charset=utf-8", "JSON"),
    ("text/plain; charset=utf-8", "Text"),
    ("text/html; charset=utf-8", "HTML"),
    ("text/csv; charset=utf-8", "CSV"),
    ("application/xml; charset=utf-8", "XML"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`kind` is json, text, html, image, audio, video or binary; `left` counts the characters cut
    off. `edits` says whether its text can be edited here."""

    kind: str
    content_type: str
    size: int
    text: SafeString | str = ""
    left: int = 0
    edits: bool = False


def shown(answer: Answer) -> Shown:
    content_type = answer.headers.get("content-type", "")[:200]
    kind = kind_of(content_type, answer.content)
    size = len(answer.content)
    if kind not in TEXTUAL:
        return Shown(kind, content_type, size)
    text = answer.content.decode("utf-8", "replace")
    if kind == "json":
        text = json_text.indented(answer.content)
    cut = text[:CUT]
    return Shown(
        kind,
        content_type,
        size,
        json_text.coloured(cut) if kind == "json" else cut,
        max(len(text) - CUT, 0),
        editable(answer) is not None,
    )


def editable(answer: Answer) -> str | None:
    """The text of a record that a form can give back unchanged, else None."""
    kind = kind_of(answer.headers.get("content-type", ""), answer.content)
    if kind not in TEXTUAL or len(answer.content) > EDITED or not is_text(answer.content):
        return None
    text = answer.content.decode()
    mixed = text.replace("\r\n", "")
    return None if "\r" in mixed or ("\n" in mixed and "\r\n" in text) else text


def kind_of(content_type: str, content: bytes) -> str:
    plain = content_type.partition(";")[0].strip().lower()
    if plain == "application/json" or plain.endswith("+json"):
        return "json"
    if plain in DRAWN:
        return "image"
    if plain == HTML:
        return "html"
    if plain.startswith(("audio/", "video/")):
        return plain.partition("/")[0]
    if plain.startswith("text/") or plain in TEXTS or plain.endswith("+xml"):
        return "text"
    return "text" if not plain and is_text(content) else "binary"


def is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False
