"""No input whatever answers 500, and every refusal has the shape of an error."""

import secrets
import socket
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.platform.http.routing import ORDER
from tests.platform.conftest import Account, Platform

WEIRD = (
    "%FF",
    "%00",
    "%C3%28",
    "%ED%A0%80",
    "..%2F..%2Fetc",
    "%F0%9F%98%80",
    "a" * 3000,
    "%25",
    "%",
    "%zz",
    "'%20OR%201=1",
    "~",
    "~~",
    "nobody~x",
    "me~",
    "me~%00",
)
PATHS = (
    "acts/{}",
    "acts/{}/versions/{}",
    "acts/{}/versions/{}/env-vars/{}",
    "acts/{}/builds/{}",
    "acts/{}/runs/{}",
    "acts/{}/runs/last/dataset/items",
    "acts/{}/run-sync",
    "actor-tasks/{}",
    "actor-tasks/{}/input",
    "actor-tasks/{}/runs/last/log",
    "schedules/{}",
    "schedules/{}/log",
    "actor-runs/{}",
    "actor-runs/{}/key-value-store/records/{}",
    "actor-builds/{}",
    "logs/{}",
    "users/{}",
    "datasets/{}/items",
    "key-value-stores/{}/records/{}",
    "key-value-stores/{}/keys",
    "request-queues/{}/requests/{}",
)
PARAMETERS = (
    "limit offset desc status startedAfter startedBefore waitForFinish timeout memory maxItems"
    " build version tag webhooks method token signature exclusiveStartKey fields unwind format"
)
calm = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(status: int, text: str) -> None:
    assert status < 500, text


@pytest.mark.parametrize("path", PATHS)
def test_weird_paths_answer_calmly(ada: Account, path: str) -> None:
    for word in WEIRD:
        for method in ("GET", "POST", "PUT", "DELETE"):
            response = ada.http.request(method, path.replace("{}", word))
            check(response.status_code, response.text)
            assert response.headers["X-RateLimit-Limit"]


@calm
@given(
    path=st.sampled_from([*PATHS, "acts", "actor-runs", "actor-builds", "datasets"]),
    name=st.sampled_from(PARAMETERS.split()),
    value=st.text(max_size=40) | st.from_regex(r"[-+]?[0-9.eE]{1,30}", fullmatch=True),
)
def test_any_parameter_answers_calmly(ada: Account, path: str, name: str, value: str) -> None:
    response = ada.http.get(path.replace("{}", "x"), params={name: value})
    check(response.status_code, response.text)


@calm
@given(
    path=st.sampled_from(["acts", "acts/x/versions", "actor-runs/x", "acts/x/runs", "acts/x"]),
    body=st.binary(max_size=200),
    heads=st.tuples(
        st.sampled_from(["application/json", "text/plain", "", "a/b;;"]),
        st.sampled_from(["", "gzip", "br", "deflate", "gzip, br", "x"]),
    ),
    method=st.sampled_from(ORDER),
)
def test_any_body_answers_calmly(
    ada: Account, path: str, body: bytes, heads: tuple[str, str], method: str
) -> None:
    headers = dict(zip(("Content-Type", "Content-Encoding"), heads, strict=True))
    response = ada.http.request(method, path, content=body, headers=headers)
    check(response.status_code, response.text)


def raw_request(url: str, head: bytes) -> bytes:
    address = urlsplit(url)
    with socket.create_connection((str(address.hostname), address.port or 80), timeout=20) as line:
        line.sendall(head)
        return line.recv(65536)


@pytest.mark.parametrize(
    "target",
    [b"/v2/acts/\xff\xfe", b"/v2/acts?limit=\xff", b"/v2/logs/%", b"//", b"/v2/users/%c3%28"],
)
def test_bytes_that_are_no_text_answer_calmly(platform: Platform, target: bytes) -> None:
    head = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert b" 50" not in raw_request(platform.url, head).split(b"\r\n")[0]


def test_huge_headers_are_refused(ada: Account) -> None:
    response = ada.http.get("users/me", headers={"X-Long": "x" * 70_000})
    assert (response.status_code, response.json()["error"]["type"]) == (431, "headers-too-large")


def test_weird_header_values_answer_calmly(ada: Account) -> None:
    for value in (b"\xff", b"Bearer \xff\xfe", b"Basic abc", b"Bearer", b"Bearer " + b"x" * 999):
        headers = [(b"Authorization", value)]
        response = ada.http.get("users/me", headers=headers)
        check(response.status_code, response.text)


def test_a_token_in_the_address_reaches_no_log(platform: Platform) -> None:
    mark = secrets.token_hex(16)
    platform.anonymous.get(f"acts?token={mark}")
    platform.anonymous.get(f"nowhere/{quote('é')}?token={mark}")
    assert mark not in (platform.home / "platform.log").read_text()


@pytest.mark.parametrize("value", [[], {}, [1], None, 1, 2**70, "x", True])
def test_any_value_of_a_setting_answers_calmly(ada: Account, value: object) -> None:
    for path in ("datasets", "key-value-stores", "request-queues"):
        made = ada.data("POST", path)
        for name in ("generalAccess", "name", "title"):
            response = ada.http.put(f"{path}/{made['id']}", json={name: value})
            check(response.status_code, response.text)


@pytest.mark.parametrize(
    ("path", "name"),
    [("schedules", "cronExpression"), ("webhooks", "eventTypes"), ("actor-tasks", "name")],
)
def test_what_is_missing_is_named(ada: Account, path: str, name: str) -> None:
    answer = ada.http.post(path, json={})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"].endswith(f"{name} is required")
