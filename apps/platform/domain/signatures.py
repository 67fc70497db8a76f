"""Standard Webhooks: whoever gets a call can tell that it is ours and whole.

`webhook-signature` is `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
from datetime import datetime


def secret_of(account_secret: str, webhook_id: str) -> str:
    """The webhook's own secret as receivers keep it: `whsec_` and Base64."""
    made = hmac.digest(account_secret.encode(), f"webhook {webhook_id}".encode(), hashlib.sha256)
    return f"whsec_{base64.b64encode(made).decode()}"


def headers(secret: str, dispatch_id: str, moment: datetime, body: bytes) -> list[tuple[str, str]]:
    """The id stays the same over retries, the time is that of the attempt."""
    stamp = str(int(moment.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{dispatch_id}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return [
        ("webhook-id", dispatch_id),
        ("webhook-timestamp", stamp),
        ("webhook-signature", f"v1,{signature}"),
    ]
