"""Independent readers of what the encoders write."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Table = list[list[Any]]


def csv_table(data: bytes, delimiter: str = ",") -> Table:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=delimiter))


def xml_root(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314 - made by our own encoder a moment ago


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: Table = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and self.lasttag in {"td", "th"} and data != "\n":
            self.rows[-1][-1] += data


def html_table(data: bytes) -> Table:
    parser = _Cells()
    parser.feed(data.decode())
    parser.close()
    return parser.rows


def xlsx_sheets(data: bytes) -> dict[str, Table]:
    """Name of the sheet -> rows of text, numbers, booleans and None."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        book = xml_root(archive.read("xl/workbook.xml"))
        for name in archive.namelist():
            xml_root(archive.read(name))
        return {
            sheet.get("name", ""): list(
                _sheet(archive.read(f"xl/worksheets/sheet{sheet.get('sheetId')}.xml"))
            )
            for sheet in book.iter(f"{MAIN}sheet")
        }


def _sheet(data: bytes) -> Iterator[list[Any]]:
    for row in xml_root(data).iter(f"{MAIN}row"):
        yield [_value(cell) for cell in row]


def _value(cell: ElementTree.Element) -> Any:
    text = "".join(cell.itertext())
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
    if kind == "b":
        return text == "1"
    return float(text) if text else None
