"""Items as an Excel workbook (Office Open XML), written as it is sent: no file, flat memory.

Text is always text, never a formula. Whole numbers that Excel would round are text too. Excel
knows at most 32,767 characters in a cell and 1,048,576 rows in a sheet: longer text is cut, further
rows go to another sheet.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice

from apps.platform.domain import archives
from apps.platform.domain.exports import Blocks, gathered
from apps.platform.domain.items import Selection
from apps.platform.domain.markup import ILLEGAL, escaped, text_of
from apps.platform.domain.tables import Row, rows

LONGEST_CELL = 32_767
EXACT_DIGITS = 15
MOST_ROWS = 1_048_576
MOST_BYTES = 1 << 30  # of a sheet; far below what needs another kind of archive
_SPECIAL = re.compile(rb"[\\&<>]|_x[0-9A-Fa-f]{4}_|\xef\xbf[\xbe\xbf]").search
_TOO_EXACT = re.compile(rb"-?[0-9]{%d,}\Z" % (EXACT_DIGITS + 1)).match
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACE = b"http://schemas.openxmlformats.org/"
_MAIN = b'xmlns="' + _SPACE + b'spreadsheetml/2006/main"'
_LINKS = b'xmlns="' + _SPACE + b'package/2006/relationships"'
_OFFICE = _SPACE + b"officeDocument/2006/relationships"
_KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
TYPES = (
    _HEAD + b'<Types xmlns="' + _SPACE + b'package/2006/content-types">'
    b'<Default Extension="rels" '
    b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="' + _KIND + b'worksheet+xml"/>'
    b'<Override PartName="/xl/workbook.xml" ContentType="' + _KIND + b'sheet.main+xml"/></Types>'
)
PACKAGE = (
    _HEAD + b"<Relationships " + _LINKS + b'><Relationship Id="rId1" Type="' + _OFFICE + b"/"
    b'officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
SHEET = _HEAD + b"<worksheet " + _MAIN + b"><sheetData>"
SHEET_END = b"</sheetData></worksheet>"
EMPTY = b"<c/>"


def as_xlsx(blocks: Blocks, selection: Selection, columns: list[str]) -> Iterator[bytes]:
    sink = archives.Sink()
    left = rows(blocks, selection, columns)
    with archives.opened(sink) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", PACKAGE)
        number, following = 0, next(left, None)
        while following or not number:
            number += 1
            begun = left if following is None else chain([following], left)
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as sheet:
                for part in _sheet(begun, columns):
                    sheet.write(part)
                    yield sink.taken()
            following = next(left, None)
        archive.writestr("xl/workbook.xml", _workbook(number))
        archive.writestr("xl/_rels/workbook.xml.rels", _links(number))
    yield sink.taken()


def _sheet(left: Iterator[Row], columns: list[str]) -> Iterator[bytes]:
    """One sheet, until it is full or no rows are left."""
    yield SHEET + _line([_text(name) for name in columns])
    size = 0
    lines = (_line([_cell(raw) for raw in row]) for row in left)
    for part in gathered(islice(lines, MOST_ROWS - 1)):
        yield part
        size += len(part)
        if size > MOST_BYTES:
            break
    yield SHEET_END


def _line(cells: list[bytes]) -> bytes:
    return b"<row>" + b"".join(cells) + b"</row>"


def _cell(raw: bytes) -> bytes:
    mark = raw[:1]
    if mark == b'"':
        inner = raw[1:-1]
        if len(inner) > LONGEST_CELL or _SPECIAL(inner) or inner[:1] == b" " or inner[-1:] == b" ":
            return _text(text_of(raw))
        return b'<c t="inlineStr"><is><t>' + inner + b"</t></is></c>"
    if mark in b"tf":
        return b'<c t="b"><v>1</v></c>' if mark == b"t" else b'<c t="b"><v>0</v></c>'
    if mark == b"n":
        return EMPTY
    if mark in b"[{" or (len(raw) > EXACT_DIGITS and _TOO_EXACT(raw)):
        return _text(raw.decode())
    return b"<c><v>" + raw + b"</v></c>"


def _text(text: str) -> bytes:
    """What XML cannot hold is written as Excel does: `_x0001_`, and so is what looks like it."""
    if len(text) * 2 > LONGEST_CELL:
        text = text.encode("utf-16-le")[: LONGEST_CELL * 2].decode("utf-16-le", "ignore")
    text = _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")
    text = ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return b'<c t="inlineStr"><is><t xml:space="preserve">' + escaped(text) + b"</t></is></c>"


def _workbook(sheets: int) -> bytes:
    named = "".join(
        f'<sheet name="Data{f" {n}" if n > 1 else ""}" sheetId="{n}" r:id="rId{n}"/>'
        for n in range(1, sheets + 1)
    )
    return (
        _HEAD + b"<workbook " + _MAIN + b' xmlns:r="' + _OFFICE + b'"><sheets>'
        + named.encode() + b"</sheets></workbook>"
    )  # fmt: skip


def _links(sheets: int) -> bytes:
    office = _OFFICE.decode()
    named = "".join(
        f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, sheets + 1)
    )
    return _HEAD + b"<Relationships " + _LINKS + b">" + named.encode() + b"</Relationships>"
