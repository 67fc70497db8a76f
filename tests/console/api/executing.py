"""Both executors behind one function, for the tests of what they have in common."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from console.api.async_client import AsyncApi, AsyncPool
from console.api.calls import Call
from console.api.client import Api, Pool
from console.api.wire import Target
from tests.fakes import RUN_ID, TOKEN, FakeApi, run_json

Execute = Callable[..., Any]
PATH = f"/v2/actor-runs/{RUN_ID}"
RUN = json.dumps({"data": run_json()}).encode()


def run_sync(call: Call[Any], *, url: str, fake: FakeApi | None, seconds: float) -> Any:
    pool = Pool(threads=4, delay=0.001, connect=fake.transport) if fake else Pool(delay=0.001)
    try:
        return Api(Target(url, TOKEN, "Callboard/test"), pool, seconds=seconds).run(call)
    finally:
        pool.close()


def run_async(call: Call[Any], *, url: str, fake: FakeApi | None, seconds: float) -> Any:
    async def go() -> Any:
        pool = AsyncPool(delay=0.001, transport=fake.transport() if fake else None)
        api = AsyncApi(Target(url, TOKEN, "Callboard/test"), pool, seconds=seconds)
        try:
            return await api.run(call)
        finally:
            await pool.close()

    return asyncio.run(go())


@pytest.fixture(params=[run_sync, run_async], ids=["sync", "async"])
def execute(request: pytest.FixtureRequest) -> Execute:
    def go(
        call: Call[Any],
        *,
        url: str = "http://api.test",
        fake: FakeApi | None = None,
        seconds: float = 10,
    ) -> Any:
        return request.param(call, url=url, fake=fake, seconds=seconds)

    return go


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi()
