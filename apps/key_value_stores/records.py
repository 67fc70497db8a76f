"""What a record may be shown as. Nothing in it ever runs: text is escaped, images are drawn."""

from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString

from console.api.calls import Answer
from console.ui import json_text

SHOWN: Final = 1_000_000
CUT: Final = 200_000
DRAWN: Final = frozenset({
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml",
})  # fmt: skip
TEXTS: Final = frozenset({
    "application/xml", "application/javascript", "application/x-ndjson", "application/jsonl",
    "application/yaml", "application/xhtml+xml", "application/x-www-form-urlencoded",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """`kind` is json, text, image or binary; `left` counts the characters cut off."""

    kind: str
    content_type: str
    size: int
    text: SafeString | str = ""
    left: int = 0


def shown(answer: Answer) -> Shown:
    content_type = answer.headers.get("content-type", "")[:200]
    kind = kind_of(content_type, answer.content)
    size = len(answer.content)
    if kind not in {"json", "text"}:
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
    )


def kind_of(content_type: str, content: bytes) -> str:
    plain = content_type.partition(";")[0].strip().lower()
    if plain == "application/json" or plain.endswith("+json"):
        return "json"
    if plain in DRAWN:
        return "image"
    if plain.startswith("text/") or plain in TEXTS or plain.endswith("+xml"):
        return "text"
    return "text" if not plain and is_text(content) else "binary"


def is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False
