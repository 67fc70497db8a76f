"""Values of items as text of XML and HTML (reliability-security.md section 2.2 row 14)."""

import re

import msgspec

text_of = msgspec.json.Decoder(str).decode
_SPECIAL = re.compile(rb"[\\&<>]|\xef\xbf[\xbe\xbf]").search
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0


def markup(raw: bytes) -> bytes:
    """A JSON value as text between two tags: numbers as written, nested values as JSON, null as
    nothing. Characters that XML cannot hold are left out."""
    if raw[:1] == b'"':
        inner = raw[1:-1]  # mostly without anything to escape: the bytes as they came
        return escaped(text_of(raw)) if _SPECIAL(inner) else inner
    if raw == b"null":
        return b""
    return escaped(raw.decode()) if raw[:1] in b"[{" else raw


def escaped(text: str) -> bytes:
    text = ILLEGAL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").encode()


def attribute(raw: bytes) -> bytes:
    """A JSON value between double quotes."""
    value = markup(raw).replace(b'"', b"&quot;")
    return value.replace(b"\n", b"&#10;").replace(b"\t", b"&#9;")
