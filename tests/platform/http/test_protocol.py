"""Rules 1-19 of semantics.md: envelope, errors, methods."""

import gzip
import re
import zlib
from typing import Any

import brotli
import httpx
import pytest

from tests.platform.conftest import Account, Platform

BOMB = 64 << 20
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")


def error(response: httpx.Response) -> tuple[int, str]:
    assert set(response.json()) == {"error"}
    assert set(response.json()["error"]) == {"type", "message"}
    return response.status_code, response.json()["error"]["type"]


def test_rule_1_answers_and_errors_are_json_in_utf_8(ada: Account) -> None:
    for path in ("users/me", "nowhere", "acts/none"):
        assert ada.http.get(path).headers["Content-Type"] == "application/json; charset=utf-8"


def test_rule_2_another_content_type_is_refused(ada: Account) -> None:
    headers = {"Content-Type": "text/plain"}
    response = ada.http.post("acts", content=b'{"name": "x"}', headers=headers)
    assert error(response) == (415, "unsupported-content-type")


def test_rule_3_a_parameter_overrides_the_method(ada: Account) -> None:
    made = ada.http.get("datasets?method=POST&name=override")
    assert made.status_code == 201
    gone = ada.http.get(f"datasets/{made.json()['data']['id']}?method=delete")
    assert gone.status_code == 204
    assert ada.http.post("users/me?method=GET").json()["data"]["username"] == "ada"


def test_rule_4_success_is_in_data(ada: Account) -> None:
    assert set(ada.http.get("users/me").json()) == {"data"}


def test_rule_6_an_error_has_no_data(ada: Account) -> None:
    assert error(ada.http.get("acts/none")) == (404, "record-not-found")


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"null", b"{", b"", b"\xff", b'"\\ud800"'])
def test_rule_7_the_body_must_be_an_object(ada: Account, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = ada.http.post("acts", content=body, headers=headers)
    assert error(response) == (400, "invalid-request")


def test_rule_7_says_the_sentence_of_the_reference(ada: Account) -> None:
    message = ada.http.post("acts", json=[]).json()["error"]["message"]
    assert message == "POST data must be a JSON object"


def test_rule_8_an_invalid_value_says_which(ada: Account) -> None:
    response = ada.http.get("acts?limit=ten")
    assert error(response) == (400, "invalid-value")
    assert response.json()["error"]["message"].startswith("Invalid value provided: limit")


def test_rule_10_a_token_is_needed(platform: Platform) -> None:
    without = platform.anonymous.get("acts")
    assert error(without) == (401, "token-not-provided")
    assert without.json()["error"]["message"] == "Authentication token was not provided"
    wrong = platform.anonymous.get("acts", headers={"Authorization": "Bearer wrong"})
    assert error(wrong) == (401, "user-or-token-not-found")


def test_rule_11_an_unknown_address_is_not_found(ada: Account) -> None:
    for path in ("nothing", "acts/a/b/c/d/e/f/g", "../v1/acts", "acts//versions"):
        assert error(ada.http.get(path))[0] == 404


def test_rule_13_another_method_names_the_allowed_ones(ada: Account) -> None:
    response = ada.http.patch("actor-runs/x/abort")
    assert error(response) == (405, "method-not-allowed")
    assert response.headers["Allow"] == "OPTIONS, POST"
    assert response.json()["error"]["message"] == (
        "This API endpoint can only be accessed using the following HTTP methods: OPTIONS, POST"
    )
    assert "OPTIONS, GET, POST" in ada.http.delete("acts").text


def test_rule_13_options_names_the_methods(platform: Platform) -> None:
    response = platform.anonymous.options("acts")
    assert response.status_code == 204
    assert response.headers["Allow"] == "OPTIONS, GET, POST"


def test_head_is_get_without_a_body(ada: Account) -> None:
    response = ada.http.head("users/me")
    assert (response.status_code, response.content) == (200, b"")
    assert ada.http.head("acts/none").status_code == 404


@pytest.mark.parametrize("value", ["true", "1", "TRUE"])
def test_rule_17_true_and_1_are_true(ada: Account, value: str) -> None:
    assert ada.data("GET", f"acts?desc={value}")["desc"] is True


@pytest.mark.parametrize("value", ["false", "0", "", "no", "2"])
def test_rule_17_everything_else_is_false(ada: Account, value: str) -> None:
    assert ada.data("GET", f"acts?desc={value}")["desc"] is False


def test_rule_18_unknown_parameters_are_let_be(ada: Account) -> None:
    assert ada.http.get("actor-runs?colour=red&status=PURPLE&sortBy=x").status_code == 200


def test_rule_19_times_are_utc_with_milliseconds(ada: Account) -> None:
    actor = ada.data("POST", "acts", json={"name": "timed"})
    cycle = ada.data("GET", "users/me/limits")["monthlyUsageCycle"]
    moments = [actor["createdAt"], actor["modifiedAt"], cycle["startAt"], cycle["endAt"]]
    for moment in [ada.data("GET", "users/me")["createdAt"], *moments]:
        assert TIME.match(moment)


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [
        ("gzip", gzip.compress),
        ("br", brotli.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("identity", bytes),
    ],
)
def test_bodies_come_in_any_content_encoding(ada: Account, encoding: str, encode: Any) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    response = ada.http.post("acts", content=encode(b'{"name": "a b"}'), headers=headers)
    assert error(response) == (400, "invalid-value")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
@pytest.mark.parametrize("body", [b"", b"no", gzip.compress(b"{}" * 999, mtime=0)[:-9]])
def test_a_broken_encoding_is_a_bad_request(ada: Account, encoding: str, body: bytes) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    response = ada.http.post("acts", content=body, headers=headers)
    assert response.status_code == 400


def test_an_unknown_encoding_is_refused(ada: Account) -> None:
    headers = {"Content-Encoding": "zstd", "Content-Type": "application/json"}
    assert ada.http.post("acts", content=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(bytes(BOMB), mtime=0)), ("br", brotli.compress(bytes(BOMB)))],
)
def test_a_bomb_is_too_large(ada: Account, encoding: str, body: bytes) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}
    response = ada.http.post("acts", content=body, headers=headers)
    assert error(response) == (413, "request-too-large")


def test_a_body_above_nine_megabytes_is_too_large(ada: Account) -> None:
    body = b'{"name": "' + b"x" * (10 << 20) + b'"}'
    headers = {"Content-Type": "application/json"}
    assert ada.http.post("acts", content=body, headers=headers).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": ' + b"[" * 101 + b"]" * 101 + b"}",
        b'{"name": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": 1e999}',
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b'{"name": "\xff"}',
        b'{"name": "a\\u0000"}',
    ],
)
def test_json_that_cannot_be_kept_is_refused(ada: Account, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = ada.http.post("acts", content=body, headers=headers)
    assert error(response)[0] == 400
