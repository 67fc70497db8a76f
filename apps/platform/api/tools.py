"""What a caller sends, told back, whether there is a proxy, and small signed texts (endpoints.md,
second list A)."""

import hmac
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from starlette.responses import Response

from apps.platform.api import fields
from apps.platform.domain.errors import invalid_value
from apps.platform.http import envelope, json
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import User

SECRET = {"authorization", "cookie", "proxy-authorization"}
MARK = b"signed object "  # apart from all else that the account's secret signs
NO_PROXY = (
    "This Platform has no proxy servers. Turn the proxy off in the input (useApifyProxy: false) "
    "or give proxy URLs of your own (proxyUrls)."
)


def browser_info(request: ApiRequest) -> Response:
    """How a call arrives; what opens doors is left out."""
    shown = {name: value for name, value in request.headers.items() if name not in SECRET}
    return envelope.data(
        {
            "method": request.method,
            "clientIp": request.client_ip,
            "countryCode": None,
            "bodyLength": len(request.body),
            "headers": shown,
        }
    )


def proxy_status(_request: ApiRequest) -> Response:
    """What the SDKs ask through the proxy before they use it (runtime-contract.md section 2): they
    raise `connectionError`, so that a run ends at once and says why."""
    told = {"connected": False, "connectionError": NO_PROXY, "isManInTheMiddle": False}
    return Response(json.encode(told), media_type=envelope.JSON)


def encode(request: ApiRequest) -> Response:
    """`{encoded}` holds the object and who sent it, and cannot be changed unseen."""
    identity = request.require_identity()
    body = json.encode({"by": identity.user_id, "object": fields.body_of(request)})
    mac = _mac(identity.user_id, body)
    return envelope.data({"encoded": ".".join(map(_text, (body, mac)))})


def decode(request: ApiRequest) -> Response:
    """`{decoded, encodedByUserId, isVerifiedUser}`; ApiError 400 for anything not made by `encode`.
    Verified is what the caller's own account signed."""
    identity = request.require_identity()
    body, mac = _parts(fields.text(fields.body_of(request), "encoded", most=9 << 20))
    held: Any = json.decode(body) if body else None
    if not isinstance(held, dict) or not isinstance(held.get("by"), str):
        raise invalid_value("encoded is nothing that was encoded here")
    if not hmac.compare_digest(mac, _mac(held["by"], body)):
        raise invalid_value("encoded was changed")
    return envelope.data(
        {
            "decoded": held["object"],
            "encodedByUserId": held["by"],
            "isVerifiedUser": held["by"] == identity.user_id,
        }
    )


def _mac(user_id: str, body: bytes) -> bytes:
    secret = User.objects.filter(id=user_id).values_list("signing_secret", flat=True).first()
    if not secret:
        raise invalid_value("whoever encoded it is not here any more")
    return hmac.digest(secret.encode(), MARK + body, sha256)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()


def _data(text: str) -> bytes:
    return b64decode(text, altchars=b"-_", validate=True)


def _parts(encoded: str) -> tuple[bytes, bytes]:
    try:
        body, _, mac = encoded.partition(".")
        return _data(body), _data(mac)
    except ValueError:
        raise invalid_value("encoded is nothing that was encoded here") from None


INFO = "/v2/browser-info"
ROUTES = [
    Route("GET", "/proxy-status", proxy_status, auth="none"),
    *(
        Route(method, INFO, browser_info, auth="none")
        for method in ("GET", "POST", "PUT", "DELETE")
    ),
    Route("POST", "/v2/tools/encode-and-sign", encode),
    Route("POST", "/v2/tools/decode-and-verify", decode),
]
