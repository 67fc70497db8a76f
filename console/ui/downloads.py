"""Names and headers of what people download; nothing here trusts a name or a type."""

import re
from typing import Final

from django.utils.http import content_disposition_header

LONGEST_NAME: Final = 120
TYPE: Final = re.compile(
    r"[\w!#$&^.+-]{1,64}/[\w!#$&^.+-]{1,64}(?:\s*;\s*charset=[\w-]{1,20})?", re.A
)

# What a browser may show by itself. HTML, SVG and PDF are not among it: they can run things.
SHOWN: Final = frozenset({
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "text/plain",
    "application/json",
})  # fmt: skip

GUARD: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Accel-Buffering": "no",
}


def file_name(*parts: str, extension: str = "") -> str:
    """A name that is safe on every system: no folders, no control characters, not too long."""
    name = "-".join(part for part in parts if part)
    name = re.sub(r"[^\w.()' +-]+", "_", name).strip(" .")[:LONGEST_NAME]
    return f"{name or 'download'}{extension}"


def attachment(name: str, content_type: str) -> dict[str, str]:
    """Headers of a download; the browser saves it under `name`."""
    return {**GUARD, **_disposition(name, inline=False), "Content-Type": content_type}


def harmless(name: str, content_type: str) -> dict[str, str]:
    """Headers of a file that is shown: in a sandbox without scripts, frames, forms or requests."""
    return {**GUARD, **_disposition(name, inline=True), "Content-Type": content_type}


def framed(name: str) -> dict[str, str]:
    """Headers of a foreign HTML page in a frame of ours: its styles and nothing else of it."""
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return {
        **harmless(name, "text/html; charset=utf-8"),
        "Content-Security-Policy": f"{policy}; frame-ancestors 'self'",
    }


def untrusted(name: str, content_type: str, *, save: bool) -> dict[str, str]:
    """Headers of bytes that someone else wrote: shown only if the type is known as harmless."""
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if not TYPE.fullmatch(content_type):
        content_type = kind = "application/octet-stream"
    return {
        **GUARD,
        **_disposition(name, inline=kind in SHOWN and not save),
        "Content-Type": content_type,
    }


def _disposition(name: str, *, inline: bool) -> dict[str, str]:
    name = re.sub(r"[\x00-\x1f\x7f]", "_", name)
    value = content_disposition_header(as_attachment=not inline, filename=name)
    return {"Content-Disposition": value} if value else {}
