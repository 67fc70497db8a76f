"""Items as XML and RSS (semantics.md rules 176-181).

A property `@` holds the attributes of its parent, `#` the text of a parent without elements.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from apps.platform.domain.exports import Blocks, gathered, picked
from apps.platform.domain.items import NESTED, Fields, Selection, read_elements, read_fields
from apps.platform.domain.markup import attribute, escaped, markup

HEADER = b'<?xml version="1.0" encoding="UTF-8"?>\n'
CACHED = 200  # characters: longer names are not worth their memory
_FOREIGN = re.compile(r"[^\w.-]")
_START = re.compile(r"[^\W\d]")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*\Z")
# what feeds use besides the elements of RSS itself
NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
}


class Tag(NamedTuple):
    start: bytes  # <name
    open: bytes  # <name>
    close: bytes  # </name>
    empty: bytes  # <name/>


def as_xml(blocks: Blocks, selection: Selection, *, root: str, row: str) -> Iterator[bytes]:
    """`root` and `row` are names that `is_name` accepts."""

    def pieces() -> Iterator[bytes]:
        yield HEADER + f"<{root}>\n".encode()
        yield from _items(blocks, selection, _tag(row))
        yield f"</{root}>\n".encode()

    return gathered(pieces())


def as_rss(
    blocks: Blocks, selection: Selection, *, title: str, link: str, description: str
) -> Iterator[bytes]:
    spaces = "".join(f' xmlns:{name}="{address}"' for name, address in NAMESPACES.items())

    def pieces() -> Iterator[bytes]:
        yield HEADER + f'<rss version="2.0"{spaces}>\n<channel>\n'.encode()
        for name, text in (("title", title), ("link", link), ("description", description)):
            tag = _tag(name)
            yield tag.open + escaped(text) + tag.close + b"\n"
        yield from _items(blocks, selection, _tag("item"), feed=True)
        yield b"</channel>\n</rss>\n"

    return gathered(pieces())


def is_name(name: str) -> bool:
    """Whether elements may be called so, without a prefix."""
    return name_of(name) == name


def name_of(key: str, *, feed: bool = False) -> str:
    """A name for an element or attribute that is as much like `key` as XML lets it be.

    No prefix but, in feeds, a known one: with a namespace of its own choice an item could make a
    browser take the file for a page.
    """
    prefix, colon, rest = key.partition(":")
    if feed and colon and prefix in NAMESPACES:
        return f"{prefix}:{name_of(rest)}"
    if _PLAIN.match(key):
        return f"_{key}" if key == "xmlns" else key
    name = _FOREIGN.sub("_", key)
    if not _START.match(name):
        name = f"_{name}"
    return name if name.isascii() or _is_known(name) else re.sub(r"[^\x00-\x7f]", "_", name)


def _is_known(name: str) -> bool:
    """Letters of other scripts: XML knows those of Unicode 2.0."""
    try:
        expat.ParserCreate("UTF-8").Parse(f"<{name}/>".encode(), True)
    except expat.ExpatError:
        return False
    return True


def _tag(key: str, *, feed: bool = False) -> Tag:
    return _known_tag(key, feed) if len(key) <= CACHED else _new_tag(key, feed)


def _new_tag(key: str, feed: bool) -> Tag:
    name = name_of(key, feed=feed).encode()
    return Tag(b"<" + name, b"<" + name + b">", b"</" + name + b">", b"<" + name + b"/>")


_known_tag = lru_cache(2048)(_new_tag)


def _items(
    blocks: Blocks, selection: Selection, tag: Tag, *, feed: bool = False
) -> Iterator[bytes]:
    for item in picked(blocks, selection):
        yield from _object(tag, item, feed)
        yield b"\n"


def _object(tag: Tag, fields: Fields, feed: bool) -> Iterator[bytes]:
    """Pieces, so that an item that grows on its way out (long names over long arrays) needs no
    memory for the whole."""
    if "@" not in fields and "#" not in fields:
        yield tag.open
    else:
        fields = dict(fields)
        given, text = bytes(fields.pop("@", b"{}")), bytes(fields.pop("#", b"null"))
        if given[:1] != b"{":
            fields["@"] = given  # type: ignore[assignment] # bytes are read like msgspec.Raw
            given = b"{}"
        yield tag.start + _attributes(given, feed) + b">"
        if not fields:
            yield markup(text)
    for key, value in fields.items():
        raw, inner = bytes(value), _tag(key, feed=feed)
        if raw[0] in NESTED:
            yield from _nested(inner, raw, feed)
        else:
            yield _leaf(inner, raw)
    yield tag.close


def _attributes(raw: bytes, feed: bool) -> bytes:
    found = {name_of(key, feed=feed): bytes(value) for key, value in read_fields(raw).items()}
    return b"".join(b' %b="%b"' % (name.encode(), attribute(raw)) for name, raw in found.items())


def _leaf(tag: Tag, raw: bytes) -> bytes:
    text = markup(raw)
    return tag.open + text + tag.close if text else tag.empty


def _nested(tag: Tag, raw: bytes, feed: bool) -> Iterator[bytes]:
    """The tag once per element of an array; an array inside an array has a tag around it."""
    if raw[:1] == b"{":
        yield from _object(tag, read_fields(raw), feed)
        return
    for element in read_elements(raw):
        inner = bytes(element)
        if inner[0] not in NESTED:
            yield _leaf(tag, inner)
        elif inner[:1] == b"{":
            yield from _object(tag, read_fields(inner), feed)
        else:
            yield tag.open
            yield from _nested(tag, inner, feed)
            yield tag.close
