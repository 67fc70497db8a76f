"""Following what runs, against a real Redis."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.utils import timezone
from redis import Redis

from apps.operations import jobs, news
from apps.operations.jobs import follow
from apps.operations.models import Intent
from console.outcomes import DONE, SENT, UNKNOWN
from tests.fakes import (
    ACTOR_ID,
    BUILD_ID,
    RUN_ID,
    FakeApi,
    build_json,
    page,
    run_json,
)
from tests.redis_server import RedisServer

LIST = "/v2/actor-runs"
BUILDS = "/v2/actor-builds"


@pytest.fixture
def redis(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    connection = Redis.from_url(redis_server.url, socket_timeout=2)
    monkeypatch.setattr(jobs, "redis", lambda: connection)
    yield connection
    connection.close()


@pytest.fixture
def channel(redis: Redis, workspace: Any) -> Iterator[Any]:
    """An open page: subscribed, so that the workspace is watched."""
    listening: Any = redis.pubsub()  # type: ignore[no-untyped-call] # redis ships it untyped
    listening.subscribe(f"callboard:ws:{workspace.pk}")
    listening.get_message(timeout=5)
    yield listening
    listening.close()


def told(channel: Any) -> list[dict[str, Any]]:
    found = []
    while message := channel.get_message(timeout=0.1):
        found.append(json.loads(message["data"]))
    return found


def due_now(redis: Redis, workspace: Any) -> None:
    redis.delete(f"callboard:ws:{workspace.pk}:due")


def intent(cast: dict[str, Any], workspace: Any, **changes: Any) -> Intent:
    values = {
        "user": cast["luke"],
        "workspace": workspace,
        "key": "k",
        "kind": "run.start",
        "state": DONE,
        "subject": "Crawler",
        "target_id": ACTOR_ID,
        "mark": "intent/x",
        "sent_at": timezone.now(),
        "object_kind": "run",
        "object_id": RUN_ID,
        "status": "RUNNING",
    }
    return Intent.objects.create(**{**values, **changes})


def test_it_asks_nothing_when_nobody_looks(redis: Redis, workspace: Any, fake_api: FakeApi) -> None:
    follow()
    assert not fake_api.calls


def test_an_open_page_is_told_what_changed(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    fake_api.data("GET", LIST, page([run_json(status="RUNNING", statusMessage="1 of 2")]))
    fake_api.data("GET", LIST, page([run_json(status="SUCCEEDED", statusMessage=None)]))
    follow()
    assert told(channel) == []
    due_now(redis, workspace)
    follow()
    assert told(channel) == [
        {"kind": "run", "id": RUN_ID, "status": "SUCCEEDED", "statusMessage": ""}
    ]
    due_now(redis, workspace)
    follow()
    assert told(channel) == []


def test_one_list_call_follows_all_runs_of_a_workspace(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    ids = [f"Run{number:014}" for number in range(20)]
    for one in ids:
        intent(cast, workspace, key=one, object_id=one)
    fake_api.data("GET", LIST, page([run_json(id=one, status="SUCCEEDED") for one in ids]))
    follow()
    assert len(fake_api.calls) == 1
    assert Intent.objects.filter(is_over=True, status="SUCCEEDED", is_seen=False).count() == 20


def test_two_schedulers_do_not_double_a_look(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    fake_api.data("GET", LIST, page([]))
    follow()
    follow()
    assert len(fake_api.calls) == 1


def test_it_looks_more_often_while_something_runs(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    fake_api.data("GET", LIST, page([run_json(status="RUNNING")]))
    fake_api.data("GET", LIST, page([run_json()]))
    due = f"callboard:ws:{workspace.pk}:due"
    follow()
    active = redis.pttl(due)
    due_now(redis, workspace)
    follow()
    assert 0 < active <= 900 < redis.pttl(due) <= 1500


def test_it_backs_off_when_the_api_limits_or_fails(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    fake_api.error("GET", LIST, 429, "rate-limit-exceeded")
    pauses = []
    for _ in range(3):
        follow()
        pauses.append(redis.pttl(f"callboard:ws:{workspace.pk}:due"))
        due_now(redis, workspace)
    assert pauses[0] < pauses[1] < pauses[2] <= 8000
    fake_api.forget("GET", LIST)
    fake_api.data("GET", LIST, page([]))
    follow()
    assert redis.get(f"callboard:ws:{workspace.pk}:failed") is None


def test_a_persons_operation_is_told(
    redis: Redis, channel: Any, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    one = intent(cast, workspace)
    fake_api.data("GET", LIST, page([run_json(status="FAILED", statusMessage="Out of memory")]))
    follow()
    one.refresh_from_db()
    assert (one.status, one.sentence, one.is_over, one.is_seen) == (
        "FAILED",
        "Out of memory",
        True,
        False,
    )
    assert told(channel) == [
        {
            "kind": "operation",
            "id": one.pk,
            "user": cast["luke"].pk,
            "state": DONE,
            "status": "FAILED",
        }
    ]


def test_builds_are_followed_as_well(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    one = intent(cast, workspace, kind="build.start", object_kind="build", object_id=BUILD_ID)
    fake_api.data("GET", LIST, page([]))
    fake_api.data("GET", BUILDS, page([build_json(status="SUCCEEDED")]))
    follow()
    one.refresh_from_db()
    assert (one.status, one.is_over) == ("SUCCEEDED", True)


@pytest.mark.parametrize("kind", ["run", "build"])
def test_one_beyond_the_newest_is_asked_for_alone(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi, kind: str
) -> None:
    one = intent(cast, workspace, object_kind=kind)
    fake_api.data("GET", LIST, page([]))
    if kind == "build":
        fake_api.data("GET", BUILDS, page([]))
    fake_api.data("GET", f"/v2/actor-{kind}s/{RUN_ID}", {"id": RUN_ID, "status": "ABORTED"})
    follow()
    one.refresh_from_db()
    assert one.is_over


def test_one_that_was_deleted_is_over(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    one = intent(cast, workspace)
    fake_api.data("GET", LIST, page([]))
    fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}", 404, "record-not-found")
    follow()
    one.refresh_from_db()
    assert one.is_over


def test_other_errors_of_one_leave_it_open(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    one = intent(cast, workspace)
    fake_api.data("GET", LIST, page([]))
    fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}", 500, "internal-error")
    follow()
    one.refresh_from_db()
    assert not one.is_over


@pytest.mark.parametrize(("state", "age"), [(UNKNOWN, 1), (SENT, 20)])
@pytest.mark.usefixtures("redis")
def test_f05_a_lost_answer_is_looked_for(
    cast: dict[str, Any], workspace: Any, fake_api: FakeApi, state: str, age: int
) -> None:
    sent = timezone.now() - timedelta(seconds=age)
    one = intent(cast, workspace, state=state, object_id="", status="", sent_at=sent)
    fake_api.data("GET", LIST, page([]))
    found = run_json(meta={"userAgent": "Callboard/0 intent/x"}, status="RUNNING")
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([found]))
    follow()
    one.refresh_from_db()
    assert (one.state, one.object_id) == (DONE, RUN_ID)


def test_one_that_is_being_sent_is_left_alone(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    intent(cast, workspace, state=SENT, object_id="", status="")
    follow()
    assert not fake_api.calls


def test_f08_without_redis_nothing_breaks(
    redis: Redis, redis_server: RedisServer, workspace: Any, fake_api: FakeApi, caplog: Any
) -> None:
    redis_server.stop()
    follow()
    assert "Live updates are paused" in caplog.text
    redis_server.start()


def test_f08_a_redis_that_lost_everything_costs_one_look(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    fake_api.data("GET", LIST, page([run_json()]))
    follow()
    redis.flushall()
    follow()
    assert told(channel) == []
    assert len(fake_api.calls) == 2


def test_the_connection_is_made_once(settings: Any, redis_server: RedisServer) -> None:
    news.redis.cache_clear()
    assert news.redis() is news.redis()
    news.redis().close()
    news.redis.cache_clear()


def test_a_dead_api_is_no_error_of_the_job(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    fake_api.breaks("GET", LIST, httpx.ConnectError("down"))
    follow()
    assert int(redis.get(f"callboard:ws:{workspace.pk}:failed") or 0) == 1
