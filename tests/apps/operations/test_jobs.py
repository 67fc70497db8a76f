"""Following what runs, against a real Redis."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.db import OperationalError
from django.utils import timezone
from redis import Redis

from apps.operations import news
from apps.operations.jobs import follow
from apps.operations.models import Intent
from console.outcomes import DONE, SENT, UNKNOWN
from tests.apps.operations.following import LIST, due_now, intent, told
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

BUILDS = "/v2/actor-builds"


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
    assert told(channel) == [{"users": [cast["luke"].pk]}]


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


def test_the_connection_is_made_once(settings: Any, redis_server: RedisServer) -> None:
    news.redis.cache_clear()
    assert news.redis() is news.redis()
    news.redis().close()
    news.redis.cache_clear()


def test_how_far_it_is_is_told_once(
    redis: Redis, channel: Any, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    one = intent(cast, workspace)
    fake_api.data("GET", LIST, page([run_json(status="RUNNING", statusMessage="1 of 2")]))
    for messages in ([{"users": [cast["luke"].pk]}], []):
        follow()
        assert told(channel) == messages
        due_now(redis, workspace)
    one.refresh_from_db()
    assert (one.sentence, one.is_over) == ("1 of 2", False)


@pytest.mark.usefixtures("redis")
def test_f08_without_redis_nothing_breaks(
    redis_server: RedisServer,
    cast: dict[str, Any],
    workspace: Any,
    fake_api: FakeApi,
    caplog: Any,
) -> None:
    intent(cast, workspace)
    redis_server.stop()
    follow()
    assert "Live updates are paused" in caplog.text
    redis_server.start()


def test_f08_a_redis_that_lost_everything_costs_one_look(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    intent(cast, workspace)
    fake_api.data("GET", LIST, page([run_json(status="RUNNING")]))
    follow()
    redis.flushall()
    follow()
    assert len(fake_api.calls) == 2


def test_a_dead_api_is_no_error_of_the_job(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    intent(cast, workspace)
    fake_api.breaks("GET", LIST, httpx.ConnectError("down"))
    follow()
    assert int(redis.get(f"callboard:ws:{workspace.pk}:failed") or 0) == 1


def test_f27_a_locked_database_costs_one_look(
    redis: Redis,
    cast: dict[str, Any],
    workspace: Any,
    fake_api: FakeApi,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = intent(cast, workspace)
    fake_api.data("GET", LIST, page([run_json()]))
    with monkeypatch.context() as locked:
        locked.setattr(Intent.objects, "bulk_update", refuse)
        follow()
    assert int(redis.get(f"callboard:ws:{workspace.pk}:failed") or 0) == 1
    due_now(redis, workspace)
    follow()
    one.refresh_from_db()
    assert (one.status, one.is_over) == ("SUCCEEDED", True)


def refuse(*_: Any, **__: Any) -> None:
    raise OperationalError("database is locked")
