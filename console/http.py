"""The Console's one door to APIs: a pool of connections per process, made on first use."""

from functools import cache

from django.conf import settings

from console.api.async_client import AsyncApi, AsyncPool, many
from console.api.client import IDLE_SECONDS, PAGE_SECONDS, Api, Pool
from console.api.wire import Target, trust
from console.bounded import BoundedTransport
from console.wide import WideTransport

__all__ = ["Api", "AsyncApi", "api_for", "async_api_for"]


@cache
def pool() -> Pool:
    return Pool(
        threads=settings.API_THREADS, connect=lambda: BoundedTransport(trust(), IDLE_SECONDS)
    )


@cache
def async_pool() -> AsyncPool:
    return AsyncPool(transport=WideTransport(trust(), many()))


def api_for(base_url: str, token: str, *, seconds: float = PAGE_SECONDS) -> Api:
    return Api(Target(base_url, token, user_agent()), pool(), seconds=seconds)


def async_api_for(base_url: str, token: str) -> AsyncApi:
    """Only on the event loop that the process serves from."""
    return AsyncApi(Target(base_url, token, user_agent()), async_pool())


@cache
def user_agent() -> str:
    return f"Callboard/{settings.VERSION}"
