"""A record as it is stored, streamed; headers keep whatever it is from running."""

from collections.abc import AsyncGenerator

from django.http import QueryDict
from django.urls import reverse

from console.api.resources.key_value_stores import get_record
from console.http import AsyncApi, async_api_for
from console.live.door import admit
from console.live.files import Receive, Scope, Send, send_file, send_redirect
from console.ui.downloads import untrusted


async def raw(scope: Scope, receive: Receive, send: Send, *, store_id: str, key: str) -> None:
    """Whoever may not is told so by the page of the record."""
    visitor = await admit(scope["headers"], "read")
    if visitor is None:
        await send_redirect(send, reverse("key_value_stores:record", args=[store_id, key]))
        return
    api = async_api_for(visitor.workspace.api_url, visitor.workspace.token)
    save = "save" in QueryDict(scope["query_string"])
    await send_record(receive, send, api, store_id, key, save=save)


async def send_record(
    receive: Receive, send: Send, api: AsyncApi, store_id: str, key: str, *, save: bool
) -> None:
    told: dict[str, str] = {}

    async def chunks() -> AsyncGenerator[bytes, None]:
        async with api.stream(get_record(store_id, key)) as answer:
            told.update(untrusted(key, answer.headers.get("content-type", ""), save=save))
            if answer.length is not None:
                told["Content-Length"] = str(answer.length)
            async for chunk in answer.chunks:
                yield chunk

    await send_file(receive, send, chunks(), lambda: told)
