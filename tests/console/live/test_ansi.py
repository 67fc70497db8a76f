"""Row 29: lines of a log show colours and nothing else that a terminal could do."""

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.live import ansi
from console.live.lines import WIDEST, Line, items
from console.live.logpage import page_of, read_question

SIGNS = "ab<>&\"'\x1b[]0;31m8\\\x07\x9b\r\t\u202e\x00"
ZONE = ZoneInfo("UTC")
TAG = re.compile(r"</?(?:span|mark|li|p|a|b|time)(?: [^<>]*)?>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", '<span data-fg="red">red</span>'),
        ("\x1b[1;4;92mx", '<span data-fg="green" data-bold data-underline>x</span>'),
        ("\x1b[38;5;196mx", '<span data-fg="red">x</span>'),
        ("\x1b[38;2;0;0;255mx", '<span data-fg="blue">x</span>'),
        ("\x1b[41mx\x1b[49my", '<span data-bg="red">x</span>y'),
    ],
)
def test_row_29_colours_become_attributes(text: str, html: str) -> None:
    assert ansi.html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "\x1b]8;;https://evil.test/\x07a\x1b]8;;\x07b",
        "\x1b]8;;https://evil.test/\x1b\\ab",
        "\x1b]0;title\x07ab",
        "\x1b[2Ja\x1b[1;1Hb",
        "\x1b[?1049ha\x1bcb",
        "\x1bP1;2|dcs\x1b\\ab",
        "a\x00b\x07\x08",
        "a\x9b31mb",
        "\x1b[999999999999999999mab",
        "ab\x1b]8;;no end",
        "ab\x1b",
    ],
)
def test_row_29_every_other_escape_is_dropped(text: str) -> None:
    assert re.sub("<[^>]*>", "", ansi.html(text)) == "ab"


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u2028", "\ufeff"])
def test_row_29_what_would_reorder_or_hide_is_shown(sign: str) -> None:
    assert ansi.html(f"a{sign}b") == "a\ufffdb"


@given(
    st.text(alphabet=st.sampled_from("ab<>&\"'\x1b[]0;31m8\\\x07\x9b\r\t\u202e\x00"), max_size=60)
)
def test_row_29_no_text_makes_markup_or_control_characters(text: str) -> None:
    html = ansi.html(text, re.compile("a"))
    bare = TAG.sub("", html)
    assert "<" not in bare
    assert ">" not in bare
    assert not [sign for sign in bare if ord(sign) < 32 and sign not in "\t\n"]


def test_row_29_a_long_line_is_wrapped_and_ends() -> None:
    html = items([Line(1, "x" * 5_000_000)], ZONE)
    longest = max(map(len, re.findall("x+", html)))
    assert longest <= WIDEST
    assert "more characters: download the log" in html


def test_row_29_bytes_that_are_no_utf_8_are_shown_as_such() -> None:
    shown = page_of(b"\xff\xfe ok\n\xc3\n", read_question({}), ZONE, is_live=False)
    assert "\ufffd\ufffd ok" in shown.html
    assert shown.total == 2
