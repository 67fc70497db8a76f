"""The cast and the fake API that page tests share.

ada is admin, olga operator, luke launcher, vera viewer of the workspace *Home*; eve has no seat.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from redis import Redis

from tests.fakes import BASE_URL, TOKEN, FakeApi
from tests.redis_server import RedisServer
from tests.sharing import ByPlace, in_order

Browse = Callable[[str], Client]
CAST = {"ada": "ADMIN", "olga": "OPERATOR", "luke": "LAUNCHER", "vera": "VIEWER", "eve": None}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPlace:
    config.option.loadscopereorder = False  # the order is ours
    return ByPlace(config, log)


@pytest.fixture
def fake_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    """Stands behind `request.api` and its asynchronous twin. What another one said is forgotten."""
    from django.core.cache import cache

    import console.http
    from console.api.async_client import AsyncPool
    from console.api.client import Pool

    cache.clear()
    fake = FakeApi()
    pool = Pool(threads=8, delay=0.001, connect=fake.transport)
    async_pool = AsyncPool(delay=0.001, transport=fake.transport())
    monkeypatch.setattr(console.http, "pool", lambda: pool)
    monkeypatch.setattr(console.http, "async_pool", lambda: async_pool)
    yield fake
    pool.close()
    assert not fake.unknown, f"calls without an answer: {fake.unknown}"


@pytest.fixture
def workspace(db: None) -> Any:
    from apps.team.setup import ensure_workspace

    return ensure_workspace("Home", BASE_URL, TOKEN)


@pytest.fixture
def cast(workspace: Any) -> dict[str, Any]:
    """The five people by name."""
    from apps.team.models import User
    from apps.team.workspaces import set_role
    from console.request import Role

    people = {}
    for name, role in CAST.items():
        people[name] = User.objects.create(username=name, password="!")
        if role is not None:
            set_role(people[name], workspace, Role[role])
    return people


@pytest.fixture
def browser(cast: dict[str, Any]) -> Browse:
    """`browser("vera")` is a client in which vera is signed in; `browser("")` nobody."""

    def browse(name: str) -> Client:
        client = Client()
        if name:
            backend = "django.contrib.auth.backends.ModelBackend"
            client.force_login(cast[name], backend=backend)
        return client

    return browse


@pytest.fixture(scope="session")
def redis_process() -> Iterator[RedisServer]:
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def redis_server(redis_process: RedisServer, settings: Any) -> RedisServer:
    """An empty one, behind `settings.REDIS_URL`."""
    if redis_process.process is None:
        redis_process.start()
    settings.REDIS_URL = redis_process.url
    connection = Redis.from_url(redis_process.url)
    connection.flushall()
    connection.close()
    return redis_process
