"""Terminal colours of log lines as `data-` attributes.

Only SGR sequences mean something. Every other escape (cursor moves, titles, OSC-8 links) and every
control character is dropped; what would reorder or hide text on the screen is shown as U+FFFD.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

ESCAPE: Final = re.compile(
    r"\x1b\[(?P<sgr>[0-9;:]*)m"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # other CSI
    r"|\x1b[\]PX^_][^\n]*?(?:\x07|\x1b\\|$)"  # OSC, DCS, SOS, PM, APC with all that they hold
    r"|\x1b[ -/]*[0-~]?"
    r"|\x9b[0-?]*[ -/]*[@-~]?",
    re.MULTILINE,
)
HARMFUL: Final[dict[int, str | None]] = {
    **dict.fromkeys([*range(0x20), 0x7F, *range(0x80, 0xA0)]),
    **dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F)], "\ufffd"),
    **dict.fromkeys([0x2028, 0x2029, *range(0x2066, 0x206A), 0xFEFF], "\ufffd"),
    ord("\t"): "\t",
    ord("\n"): "\n",
}
PLAIN: Final = re.compile(r"[\t\n -~\xa0-\u0600\u2010-\u2027\u2030-\u205f]*")
NAMES: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
BRIGHT: Final = ("grey", *NAMES[1:])
COLOURS: Final = {
    **{30 + n: ("fg", name) for n, name in enumerate(NAMES)},
    **{90 + n: ("fg", name) for n, name in enumerate(BRIGHT)},
    **{40 + n: ("bg", name) for n, name in enumerate(NAMES)},
    **{100 + n: ("bg", name) for n, name in enumerate(BRIGHT)},
    39: ("fg", ""),
    49: ("bg", ""),
}
EXTENDED: Final = {38: "fg", 48: "bg"}
FLAGS: Final = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "strike"}
ENDS: Final = {22: {"bold", "dim"}, 23: {"italic"}, 24: {"underline"}, 27: {"inverse"}, 29: {"strike"}}  # fmt: skip  # noqa: E501 - one table on one line


class Style(NamedTuple):
    fg: str = ""
    bg: str = ""
    flags: frozenset[str] = frozenset()
    hit: bool = False


NONE: Final = Style()


def stripped(text: str) -> str:
    """Without escapes; line breaks stay where they are."""
    return ESCAPE.sub("", text) if "\x1b" in text or "\x9b" in text else text


def clean(text: str) -> str:
    """A lone carriage return would overwrite the line; here it starts another line of display."""
    if PLAIN.fullmatch(text):
        return text
    return text.rstrip("\r").replace("\r\n", "\n").replace("\r", "\n").translate(HARMFUL)


def html(text: str, find: re.Pattern[str] | None = None) -> SafeString:
    """One line as HTML; colours end with the line. What `find` finds is marked."""
    if find is None and "\x1b" not in text and "\x9b" not in text:
        return escape(clean(text))
    parts = pieces(text)
    if find is not None:
        parts = marked(parts, find)
    return format_html_join("", "{}", ((_span(*part),) for part in parts))


def pieces(text: str) -> list[tuple[str, Style]]:
    """Clean text with its style, in order."""
    made, style, end = [], NONE, 0
    for match in ESCAPE.finditer(text):
        made.append((clean(text[end : match.start()]), style))
        end = match.end()
        if match["sgr"] is not None:
            style = styled(style, match["sgr"])
    return [*made, (clean(text[end:]), style)]


def marked(parts: list[tuple[str, Style]], find: re.Pattern[str]) -> list[tuple[str, Style]]:
    """Cut where a hit begins or ends; a hit may reach over several colours."""
    cuts = [at for hit in find.finditer("".join(text for text, _ in parts)) for at in hit.span()]
    made, at, is_hit = [], 0, False
    for text, style in parts:
        rest, end = text, at + len(text)
        while cuts and cuts[0] < end:
            cut = cuts.pop(0) - at
            made.append((rest[:cut], style._replace(hit=is_hit)))
            rest, at, is_hit = rest[cut:], at + cut, not is_hit
        made.append((rest, style._replace(hit=is_hit)))
        at = end
    return made


def _span(shown: str, style: Style) -> SafeString:
    text = escape(shown)
    if style.hit and shown:
        text = format_html("<mark>{}</mark>", text)
    given = attributes(style)
    return format_html("<span{}>{}</span>", given, text) if given and shown else text


@lru_cache(maxsize=512)
def attributes(style: Style) -> SafeString:
    pairs = [(name, value) for name, value in (("fg", style.fg), ("bg", style.bg)) if value]
    flags = [(flag,) for flag in sorted(style.flags)]
    return format_html_join("", ' data-{}="{}"', pairs) + format_html_join("", " data-{}", flags)


@lru_cache(maxsize=2048)
def styled(style: Style, codes: str) -> Style:
    """`style` after one SGR sequence; what is unknown changes nothing."""
    numbers = [int(code[-6:] or 0) for code in re.split("[;:]", codes)]
    while numbers:
        code = numbers.pop(0)
        if code in EXTENDED:
            name, used = _extended(numbers)
            style = painted(style, EXTENDED[code], name)
            numbers = numbers[used:]
        elif code == 0:
            style = NONE
        elif code in FLAGS:
            style = style._replace(flags=style.flags | {FLAGS[code]})
        elif code in ENDS:
            style = style._replace(flags=style.flags - ENDS[code])
        elif code in COLOURS:
            style = painted(style, *COLOURS[code])
    return style


def painted(style: Style, ground: str, name: str) -> Style:
    return style._replace(fg=name) if ground == "fg" else style._replace(bg=name)


def _extended(rest: list[int]) -> tuple[str, int]:
    """Of 256 colours or of true colour: the nearest name, and how many numbers it took."""
    match rest:
        case [5, index, *_]:
            return _indexed(index), 2
        case [2, red, green, blue, *_]:
            return _nearest(red, green, blue), 4
        case _:
            return "", len(rest)


def _indexed(index: int) -> str:
    basic = (*NAMES, *BRIGHT)
    if index < len(basic):
        return basic[index]
    red, rest = divmod(index - len(basic), 36)
    green, blue = divmod(rest, 6)
    return _nearest(red * 51, green * 51, blue * 51) if red < 6 else "grey"  # noqa: PLR2004 - 232 to 255 are greys


def _nearest(red: int, green: int, blue: int) -> str:
    most, least = max(red, green, blue), min(red, green, blue)
    if most - least < 60:  # noqa: PLR2004 - too little of any hue to name it
        return "black" if most < 80 else "white" if least > 200 else "grey"  # noqa: PLR2004 - found by eye
    middle = (most + least) / 2
    return NAMES[(red > middle) + 2 * (green > middle) + 4 * (blue > middle)]
