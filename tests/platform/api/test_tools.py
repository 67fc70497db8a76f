"""What the API tells of a call, and texts that it signs."""

import base64
import json
from typing import Any

import pytest

from tests.platform.conftest import Account, Platform


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_call_is_told_back(platform: Platform, ada: Account, method: str) -> None:
    headers = {"X-Mine": "yes", "Cookie": "a=b", "Content-Type": "application/json"}
    body = None if method == "GET" else b'{"a": 1}'
    told = ada.data(method, "browser-info", headers=headers, content=body)
    assert (told["method"], told["clientIp"]) == (method, "127.0.0.1")
    assert told["bodyLength"] == len(body or b"")
    assert told["headers"]["x-mine"] == "yes"
    assert ada.token not in str(told)
    assert "cookie" not in told["headers"]
    assert platform.anonymous.request(method, "browser-info").status_code == 200


def test_what_was_signed_is_known_again(platform: Platform, ada: Account, ben: Account) -> None:
    value = {"a": [1, {"b": None}], "ž": 1.5}
    encoded = ada.data("POST", "tools/encode-and-sign", json=value)["encoded"]
    me = ada.data("GET", "users/me")["id"]
    for reader, verified in ((ada, True), (ben, False)):
        found = reader.data("POST", "tools/decode-and-verify", json={"encoded": encoded})
        wanted = {"decoded": value, "encodedByUserId": me, "isVerifiedUser": verified}
        assert found == wanted
    assert platform.anonymous.post("tools/encode-and-sign", json=value).status_code == 401


def forged(encoded: str, **changes: Any) -> str:
    body, mac = encoded.split(".")
    held = json.loads(base64.urlsafe_b64decode(body)) | changes
    return base64.urlsafe_b64encode(json.dumps(held).encode()).decode() + "." + mac


def test_what_was_changed_is_refused(ada: Account, ben: Account) -> None:
    encoded = ada.data("POST", "tools/encode-and-sign", json={"a": 1})["encoded"]
    him = ben.data("GET", "users/me")["id"]
    wrong = ["", "x", "x.y", "é.é", encoded[:-4], f"{encoded}AAAA", f".{encoded}"]
    wrong += [forged(encoded, object={"a": 2}), forged(encoded, by=him), forged(encoded, by="no")]
    wrong += [forged(encoded, by=1), base64.urlsafe_b64encode(b"[1]").decode() + ".AA"]
    for each in wrong:
        answer = ada.http.post("tools/decode-and-verify", json={"encoded": each})
        assert answer.status_code == 400, each
    assert ada.http.post("tools/decode-and-verify", json={}).status_code == 400
