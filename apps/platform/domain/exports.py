"""Items as JSON or JSON lines, and what all formats share; memory does not grow with the items.

Source: semantics.md rules 171-173, 196-198, 203.
"""

from collections.abc import Iterable, Iterator

from apps.platform.domain.items import Fields, Selection, encode, select

BOM = b"\xef\xbb\xbf"
TYPES = {
    "json": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "rss": "application/rss+xml; charset=utf-8",
}
PART_BYTES = 64 << 10

# a block is (lines joined by a line break, number of lines)
Blocks = Iterable[tuple[bytes, int]]


def as_json(blocks: Blocks, selection: Selection) -> Iterator[bytes]:
    before = b"["
    for part in _commas(blocks) if selection.is_plain else _encoded(blocks, selection, b",\n"):
        yield before + part
        before = b",\n"
    yield b"[]" if before == b"[" else b"]"


def _commas(blocks: Blocks) -> Iterator[bytes]:
    # a stored line holds no line break, so each one stands between two items
    return (text.replace(b"\n", b",\n") for text, _ in blocks)


def as_jsonl(blocks: Blocks, selection: Selection) -> Iterator[bytes]:
    plain = selection.is_plain
    for part in (text for text, _ in blocks) if plain else _encoded(blocks, selection, b"\n"):
        yield part + b"\n"


def _encoded(blocks: Blocks, selection: Selection, between: bytes) -> Iterator[bytes]:
    return gathered((encode(item) for item in picked(blocks, selection)), between)


def picked(blocks: Blocks, selection: Selection) -> Iterator[Fields]:
    for text, _ in blocks:
        yield from select(text.split(b"\n"), selection)


def gathered(pieces: Iterable[bytes], between: bytes = b"") -> Iterator[bytes]:
    """The same bytes in parts that are worth sending, however small or many the pieces are."""
    group: list[bytes] = []
    size = 0
    for piece in pieces:
        group.append(piece)
        size += len(piece)
        if size >= PART_BYTES:
            yield between.join(group)
            group, size = [], 0
    if group:
        yield between.join(group)
