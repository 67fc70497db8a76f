"""The few files that every page loads, each one concatenated, compressed and named by its content.

No build step: `app.css` and `app.js` list their parts by `@import` and `import`, which this module
puts in their place (docs/decisions/0004-assets.md). Parts never import one another.
"""

import gzip
import re
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import brotli
import django_htmx
from django.conf import settings

PREFIX = "/assets/"
STATIC = Path(settings.BASE_DIR) / "static"
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx"
CSS_PART = re.compile(r'^@import "([\w-]+\.css)";\n', re.MULTILINE)
JS_PART = re.compile(r'^import "\./([\w-]+\.js)";\n', re.MULTILINE)


class Asset(NamedTuple):
    url: str
    content_type: str
    plain: bytes


def style() -> bytes:
    text = (STATIC / "css/app.css").read_text()
    return CSS_PART.sub(lambda part: (STATIC / "css" / part[1]).read_text(), text).encode()


def behaviours() -> bytes:
    """Each part in a block of its own, so that parts share no names."""
    text = (STATIC / "js/app.js").read_text()
    return JS_PART.sub(
        lambda part: "{\n" + (STATIC / "js" / part[1]).read_text() + "}\n", text
    ).encode()


def htmx() -> bytes:
    parts = ("htmx-4.min.js", "ext/hx-sse-4.min.js", "ext/hx-preload-4.min.js")
    return b";\n".join((HTMX / part).read_bytes() for part in parts)


def icons() -> bytes:
    return (STATIC / "img/icons.svg").read_bytes()


SOURCES = {
    "app.css": ("text/css; charset=utf-8", style),
    "app.js": ("text/javascript; charset=utf-8", behaviours),
    "htmx.js": ("text/javascript; charset=utf-8", htmx),
    "icons.svg": ("image/svg+xml", icons),
}


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda plain: brotli.compress(plain, quality=10),
    "gzip": lambda plain: gzip.compress(plain, 9, mtime=0),
}


@cache
def asset(name: str) -> Asset:
    """Raises KeyError for a name that is no asset."""
    content_type, build = SOURCES[name]
    plain = build()
    digest = blake2b(plain, digest_size=6).hexdigest()
    stem, _, suffix = name.partition(".")
    return Asset(
        url=f"{PREFIX}{stem}.{digest}.{suffix}",
        content_type=content_type,
        plain=plain,
    )


@cache
def packed(found: Asset, coding: str) -> bytes:
    """`coding` is one of CODINGS; made once per process, so the best quality is affordable."""
    return CODINGS[coding](found.plain)
