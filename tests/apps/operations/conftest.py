from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from apps.operations import jobs
from tests.redis_server import RedisServer


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
