"""A record as it is stored, streamed; headers keep whatever it is from running."""

from collections.abc import AsyncGenerator

from django.http import QueryDict

from apps.key_value_stores.records import HTML
from console.api.errors import Truncated
from console.api.resources.key_value_stores import get_archive, get_record
from console.http import AsyncApi
from console.live.files import Receive, Send, send_file
from console.ui.counting import Document
from console.ui.downloads import attachment, file_name, framed, untrusted


async def send_record(
    receive: Receive, send: Send, api: AsyncApi, store_id: str, key: str, *, query: QueryDict
) -> None:
    """`save` in the query makes it a download, `frame` an HTML page for a frame of ours."""
    told: dict[str, str] = {}

    async def chunks() -> AsyncGenerator[bytes, None]:
        async with api.stream(get_record(store_id, key)) as answer:
            kind = answer.headers.get("content-type", "")
            is_framed = "frame" in query and kind.partition(";")[0].strip().lower() == HTML
            told.update(framed(key) if is_framed else untrusted(key, kind, save="save" in query))
            if answer.length is not None:
                told["Content-Length"] = str(answer.length)
            async for chunk in answer.chunks:
                yield chunk

    await send_file(receive, send, chunks(), lambda: told)


async def send_archive(
    receive: Receive, send: Send, api: AsyncApi, store_id: str, *, prefix: str
) -> None:
    """All records as the API packs them; one that lacks its directory is marked as broken."""

    async def chunks() -> AsyncGenerator[bytes, None]:
        call = get_archive(store_id, prefix=prefix or None)
        end = Document((b"PK\x05\x06",))
        async with api.stream(call) as answer:
            async for chunk in answer.chunks:
                end.feed(chunk)
                yield chunk
        if end.finish() is None:
            raise Truncated(call.label)

    name = file_name("records", store_id, extension=".zip")
    await send_file(receive, send, chunks(), lambda: attachment(name, "application/zip"))
