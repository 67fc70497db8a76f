"""Addresses asked for at the Console's outer door, which serves streams and pages."""

from urllib.parse import unquote

from asgiref.sync import sync_to_async

from console.router import Router
from tests.conftest import Browse
from tests.faults.scripted import Browser


async def get(browser: Browse, name: str, url: str, query: str = "") -> Browser:
    """What the person of that name gets; `browser` knows the cast, "" is nobody."""
    client = await sync_to_async(browser)(name)
    cookies = client.cookies.output([], "", ";").strip().encode()
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(url),
        "query_string": query.encode(),
        "headers": [(b"host", b"testserver"), (b"cookie", cookies)],
    }
    answer, router = Browser(), Router()
    try:
        await router(scope, answer.receive, answer.send)
    finally:
        router.pages.close()
    return answer
