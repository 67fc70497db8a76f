import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.spreadsheet import NUMBER, STARTERS, Guard, records_end

DANGEROUS = [
    "=HYPERLINK(1)", "=1+1", "+420123", "-2+3", "-cmd", "@SUM(A1)", "\tx", "\rx", "\x00=x",
    "=", "-", "+1", "-1.", "-1e", "-1e5x", "-1.5.5", '-1"', '-1""', '-1.5e5"+x', '-1",',
]  # fmt: skip
HARMLESS = ["-5", "-5.25", "-1e-7", "-1E+7", "0", "5", "a=b", "", "'=x", "x\n=y", ", =z", '"=q']
CELLS = st.text(alphabet="=+-@\t\r\x00'\",;\n .15eEax", max_size=6)


def written(rows: list[list[str]], *, delimiter: str = ",", bom: bool = False) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return (("\ufeff" if bom else "") + text.getvalue()).encode()


def guarded(content: bytes, *, delimiter: str = ",", step: int = 1 << 16) -> bytes:
    guard = Guard(delimiter)
    chunks = [content[at : at + step] for at in range(0, len(content), step)]
    return b"".join(map(guard.feed, chunks)) + guard.finish()


def cells(content: bytes, *, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("value", DANGEROUS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_cell_that_would_run_gets_an_apostrophe(value: str, place: int) -> None:
    row = ["a", "b", "c"]
    row[place] = value
    row_out = cells(guarded(written([["x", "y", "z"], row])))[1]
    assert row_out[place] == f"'{value}"


@pytest.mark.parametrize("value", HARMLESS)
def test_numbers_and_plain_text_are_unchanged(value: str) -> None:
    content = written([["x", "y"], ["=1", value]])
    assert cells(guarded(content))[1] == ["'=1", value]


def test_a_name_of_a_column_is_guarded_too_also_behind_a_bom() -> None:
    out = guarded(written([["=x", "y"]], bom=True))
    assert out == b"\xef\xbb\xbf'=x,y\r\n"


def test_a_clean_file_passes_byte_for_byte() -> None:
    content = written([["a", "b"], ["-5", 'said "so"\nand left'], ["1,5", "ž"]], bom=True)
    assert guarded(content) == content


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", "]"])
def test_other_delimiters(delimiter: str) -> None:
    content = written([["a", f"b{delimiter}=x"], ["=1", "-1"]], delimiter=delimiter)
    rows = cells(guarded(content, delimiter=delimiter), delimiter=delimiter)
    assert rows == [["a", f"b{delimiter}=x"], ["'=1", "-1"]]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1), st.integers(1, 9))
def test_no_cell_slips_through_wherever_the_chunks_are_cut(
    rows: list[list[str]], step: int
) -> None:
    starters = STARTERS.decode()

    def wanted(value: str) -> str:
        risky = value[:1] in starters and value and not NUMBER.fullmatch(value.encode())
        return f"'{value}" if risky else value

    out = guarded(written(rows), step=step)
    assert cells(out) == [[wanted(value) for value in row] for row in rows]


def test_the_last_record_without_a_line_break_is_guarded() -> None:
    assert guarded(b"a,b\n1,=x") == b"a,b\n1,'=x"


@pytest.mark.parametrize(
    ("content", "end"),
    [(b"", 0), (b"a,b", 0), (b"a\nb", 2), (b'a\n"b\nc', 2), (b'"a\nb""c\n', 0), (b'"a\n"\nx', 5)],
)
def test_records_end_outside_quotes(content: bytes, end: int) -> None:
    assert records_end(content) == end
