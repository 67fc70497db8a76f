import asyncio

from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from apps.platform.demo.pages import page

ROOT = "/demo"


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """The demo site, for crawling without internet; on when PLATFORM_DEMO_SITE says so."""
    found = page(scope["path"].removeprefix(ROOT))
    if found.seconds:
        await asyncio.sleep(found.seconds)
    if found.location:
        await RedirectResponse(found.location, found.status)(scope, receive, send)
    else:
        await HTMLResponse(found.html, found.status)(scope, receive, send)
