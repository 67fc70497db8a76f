"""Links that open a storage for whoever has them, made here of the storage's own signing key.

The API is asked for the key and nothing else; the key itself never reaches a page.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpResponse, HttpResponseNotAllowed

from console import audit
from console.api.calls import Call
from console.api.models.storages import Storage
from console.api.signing import storage_signature
from console.request import ConsoleRequest
from console.ui.responses import render_page

TERMS: Final = (
    ("3600", "1 hour"),
    ("86400", "1 day"),
    ("604800", "7 days"),
    ("2592000", "30 days"),
    ("", "No end"),
)
USUAL: Final = "604800"


def dialog(request: ConsoleRequest, found: Storage, url: str) -> dict[str, Any]:
    """For `ui/storage_share.html`; `url` is the address of the action."""
    return {
        "share_open": request.GET.get("dialog") == "share",
        "share_url": url,
        "share_kept": (),
        "can_sign": bool(found.url_signing_secret_key),
        "terms": TERMS,
        "term": USUAL,
    }


def share(
    request: ConsoleRequest,
    *,
    get: Call[Any],
    address: Callable[[Storage, str], str],
    back: str,
) -> HttpResponse:
    """POST `expires` (seconds, empty for no end): the link alone for htmx, else a page with it.

    `address` makes the link of the storage and a signature. Who made which link is written down.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found: Storage = request.api.run(get)
    term = request.POST.get("expires", USUAL)
    term = term if term in dict(TERMS) else USUAL
    until = int(time.time()) + int(term) if term else None
    link = ""
    if found.url_signing_secret_key:
        milliseconds = None if until is None else until * 1000
        signature = storage_signature(
            found.url_signing_secret_key, found.id, expires_at=milliseconds
        )
        link = address(found, signature)
        after = {"shared": found.name or found.id, "until": until, "page": back}
        audit.record(request, "storages.edit", before={}, after=after)
    context = {
        "link": link,
        "until": None if until is None else datetime.fromtimestamp(until, UTC),
        "storage": found,
        "back": back,
    }
    return render_page(request, "ui/storage_shared.html", context, partial="link")
