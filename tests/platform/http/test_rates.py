"""Rules 53-58 of semantics.md."""

from collections.abc import Iterator

import httpx
import pytest

from apps.platform.domain.errors import ApiError
from apps.platform.http.ratelimit import Limiter
from tests.platform.conftest import Account, Platform, start_platform


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A server with a tenth of the limits."""
    home = tmp_path_factory.mktemp("limited")
    yield from start_platform(home, CALLBOARD_PLATFORM_RATE_LIMITS="0.1")


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("GET", "users/me", "30"),
        ("GET", "nowhere", "30"),
        ("GET", "key-value-stores/x/records/y", "100"),
        ("POST", "datasets/x/items", "200"),
        ("POST", "acts/x/runs", "200"),
        ("POST", "acts/x/run-sync", "200"),
        ("POST", "actor-runs/x/metamorph", "200"),
        ("POST", "request-queues/x/requests", "200"),
    ],
)
def test_rules_54_55_56_each_answer_names_its_limit(
    ada: Account, method: str, path: str, limit: str
) -> None:
    assert ada.http.request(method, path).headers["X-RateLimit-Limit"] == limit


def test_rules_12_57_too_many_requests_of_one_resource(limited: Platform) -> None:
    account = limited.account("hasty")
    answers = [account.http.get("datasets/one") for _ in range(10)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["X-RateLimit-Limit"] == "3"
    assert refused.json()["error"] == {
        "type": "rate-limit-exceeded",
        "message": "You have exceeded the rate limit of 3 requests per second",
    }


def test_rule_54_each_resource_has_its_own_limit(limited: Platform) -> None:
    account = limited.account("steady")
    paths = [f"datasets/number-{number}" for number in range(10)]
    assert {account.http.get(path).status_code for path in paths} == {404}


def test_rule_53_who_has_no_token_is_an_address(limited: Platform) -> None:
    path = f"{limited.url}/v2/store"

    def calls(address: str) -> set[int]:
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(transport=transport) as client:
            return {client.get(path).status_code for _ in range(10)}

    assert calls("127.0.0.1") == {200, 429}
    assert 200 in calls("127.0.0.2")


def test_rule_56_many_of_one_kind_leave_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.platform.http.ratelimit.time.monotonic", lambda: 0.0)
    limiter = Limiter(1)
    for rate in (200, 30):
        for _ in range(rate):
            limiter.take("caller", "/v2/datasets/x", rate)
        with pytest.raises(ApiError):
            limiter.take("caller", "/v2/datasets/x", rate)


def test_rule_53_one_caller_has_one_global_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0] * 10_000 + [10.0])
    monkeypatch.setattr("apps.platform.http.ratelimit.time.monotonic", lambda: next(clock))
    limiter = Limiter(1)
    for number in range(250_000 // 60):
        limiter.take("caller", f"resource-{number}", 30)
    with pytest.raises(ApiError):
        limiter.take("caller", "another resource", 30)


def test_rule_58_a_caller_who_waits_is_served_again(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr("apps.platform.http.ratelimit.time.monotonic", lambda: moment)
    limiter = Limiter(1)
    for _ in range(30):
        limiter.take("caller", "resource", 30)
    with pytest.raises(ApiError):
        limiter.take("caller", "resource", 30)
    moment = 0.5
    limiter.take("caller", "resource", 30)
