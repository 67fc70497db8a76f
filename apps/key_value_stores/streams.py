"""A record as it is stored, streamed; headers keep whatever it is from running."""

from collections.abc import AsyncGenerator

from console.api.resources.key_value_stores import get_record
from console.http import AsyncApi
from console.live.files import Receive, Send, send_file
from console.ui.downloads import untrusted


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
