"""How often the API is asked, and how deep."""

from typing import Any

import httpx
from redis import Redis

from apps.operations.jobs import follow
from apps.operations.models import Intent
from tests.apps.operations.following import LIST, due_now, intent
from tests.fakes import FakeApi, page, run_json


def test_two_schedulers_do_not_double_a_look(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    intent(cast, workspace)
    fake_api.data("GET", LIST, page([run_json(status="RUNNING")]))
    follow()
    follow()
    assert len(fake_api.calls) == 1


def test_it_looks_more_often_while_a_page_is_open(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    intent(cast, workspace)
    fake_api.data("GET", LIST, page([run_json(status="RUNNING")]))
    due = f"callboard:ws:{workspace.pk}:due"
    follow()
    assert 900 < redis.pttl(due) <= 5000
    listening: Any = redis.pubsub()  # type: ignore[no-untyped-call] # redis ships it untyped
    listening.subscribe(f"callboard:ws:{workspace.pk}")
    listening.get_message(timeout=5)
    due_now(redis, workspace)
    follow()
    assert 0 < redis.pttl(due) <= 900
    listening.close()


def test_it_backs_off_when_the_api_limits_or_fails(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    """A random time between a half and a whole, both doubling, as the reference says of 429."""
    intent(cast, workspace)
    fake_api.error("GET", LIST, 429, "rate-limit-exceeded")
    for longest in (2000, 4000, 8000):
        follow()
        assert longest / 2 - 100 <= redis.pttl(f"callboard:ws:{workspace.pk}:due") <= longest
        due_now(redis, workspace)
    fake_api.forget("GET", LIST)
    fake_api.data("GET", LIST, page([run_json(status="RUNNING")]))
    follow()
    assert redis.get(f"callboard:ws:{workspace.pk}:failed") is None


def test_a_look_goes_as_deep_as_the_oldest_open_one(
    redis: Redis, cast: dict[str, Any], workspace: Any, fake_api: FakeApi
) -> None:
    """200 active operations cost one call, once the depth is known."""
    ids = [f"Run{number:014}" for number in range(200)]
    for one in ids:
        intent(cast, workspace, key=one, object_id=one)
    newest = [run_json(id=one, status="RUNNING") for one in ids]

    def listed(request: httpx.Request) -> httpx.Response:
        asked = int(request.url.params["limit"])
        return httpx.Response(200, json={"data": page(newest[:asked])})

    fake_api.reply("GET", LIST, listed)
    for one in ids:
        fake_api.data("GET", f"{LIST}/{one}", run_json(id=one, status="RUNNING"))
    follow()
    assert len(fake_api.calls) == 1 + 5
    for asked in (200, 249):
        fake_api.calls.clear()
        due_now(redis, workspace)
        follow()
        assert [call.query["limit"] for call in fake_api.calls] == [str(asked)]


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


def test_it_asks_nothing_when_nothing_is_on(
    redis: Redis, channel: Any, workspace: Any, fake_api: FakeApi
) -> None:
    follow()
    assert not fake_api.calls
