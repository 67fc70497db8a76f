"""Both executors with both their transports behind one function, for what they have in common."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from console.api.async_client import AsyncApi, AsyncPool, many
from console.api.calls import Call
from console.api.client import IDLE_SECONDS, Api, Pool, one_connection
from console.api.wire import Target, trust
from console.bounded import BoundedTransport
from console.wide import WideTransport
from tests.fakes import RUN_ID, TOKEN, FakeApi, run_json

Execute = Callable[..., Any]
PATH = f"/v2/actor-runs/{RUN_ID}"
RUN = json.dumps({"data": run_json()}).encode()


def run_sync(
    call: Call[Any],
    *,
    url: str,
    fake: FakeApi | None,
    seconds: float,
    connect: Callable[[], httpx.BaseTransport] = one_connection,
) -> Any:
    pool = Pool(threads=4, delay=0.001, connect=fake.transport if fake else connect)
    try:
        return Api(Target(url, TOKEN, "Callboard/test"), pool, seconds=seconds).run(call)
    finally:
        pool.close()


def run_bounded(call: Call[Any], **more: Any) -> Any:
    return run_sync(call, **more, connect=lambda: BoundedTransport(trust(), IDLE_SECONDS))


def run_async(
    call: Call[Any],
    *,
    url: str,
    fake: FakeApi | None,
    seconds: float,
    connect: Callable[[], httpx.AsyncBaseTransport | None] = lambda: None,
) -> Any:
    async def go() -> Any:
        pool = AsyncPool(delay=0.001, transport=fake.transport() if fake else connect())
        api = AsyncApi(Target(url, TOKEN, "Callboard/test"), pool, seconds=seconds)
        try:
            return await api.run(call)
        finally:
            await pool.close()

    return asyncio.run(go())


def run_wide(call: Call[Any], **more: Any) -> Any:
    return run_async(call, **more, connect=lambda: WideTransport(trust(), many()))


@pytest.fixture(
    params=[run_sync, run_bounded, run_async, run_wide], ids=["sync", "bounded", "async", "wide"]
)
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
