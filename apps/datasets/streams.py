"""The export as a stream: the API's own bytes, counted on their way and never short unnoticed."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Final

from apps.datasets.export import FORMATS, Export
from apps.datasets.spreadsheet import Guard
from console.api.errors import ApiError, Truncated
from console.api.models.storages import Dataset
from console.api.resources.datasets import export_items, get_dataset
from console.http import AsyncApi
from console.live.files import Receive, Send, send_error, send_file
from console.ui.counting import Array, Counter, Document, Lines, Page, Records, page_of
from console.ui.downloads import attachment, file_name, harmless

MOST_PARTS: Final = 100_000
TEXT: Final = "text/plain; charset=utf-8"
# What browsers would save instead of show by its own type.
READABLE: Final = {"jsonl": TEXT, "csv": TEXT, "rss": "application/xml; charset=utf-8"}


class Incomplete(Truncated):
    advice = "Start the download again. If it happens again, ask for fewer items at once."

    def __init__(self, label: str, *, seen: int | None, wanted: int | None) -> None:
        count = "before its end" if seen is None else f"after {seen:,} items"
        self.sentence = f"The download broke off {count}" + (f" of {wanted:,}." if wanted else ".")
        super().__init__(label)


class TooMany(ApiError):
    """Documents cannot be put together from several answers."""

    advice = "Ask for fewer at once by skipping some, or choose JSON, JSONL or CSV."

    def __init__(self, label: str, *, most: int, wanted: int, format: str) -> None:
        self.sentence = f"The API puts {most:,} of {wanted:,} items into one {format} file."
        super().__init__(label)


@dataclass(frozen=True, slots=True)
class Shape:
    """How bytes of one part become bytes of the file."""

    change: Callable[[bytes], bytes]
    finish: Callable[[], bytes]


async def send_export(
    receive: Receive, send: Send, api: AsyncApi, dataset_id: str, wanted: Export
) -> None:
    """The name of the file needs the dataset's, so that is asked for first."""
    try:
        found = await api.run(get_dataset(dataset_id))
    except ApiError as error:
        await send_error(send, error)
        return
    chunks = export_chunks(api, found, wanted)
    await send_file(receive, send, chunks, lambda: export_headers(found, wanted))


def export_headers(found: Dataset, export: Export) -> dict[str, str]:
    name = file_name("dataset", found.name or found.id, extension=f".{export.format}")
    if export.inline and export.format != "xlsx":
        return harmless(name, READABLE.get(export.format, export.content_type))
    return attachment(name, export.content_type)


async def export_chunks(
    api: AsyncApi, found: Dataset, export: Export
) -> AsyncGenerator[bytes, None]:
    """Asks again from where an answer ended, since an API may cap one answer (rule 183)."""
    shape = shape_of(export)
    offset, left = export.offset, export.limit
    joint = b""
    chunk = b""
    for number in range(MOST_PARTS):
        counter = counter_of(export, first=not number)
        call = export_items(found.id, part_params(export, offset, left, first=not number))
        async with api.stream(call) as answer:
            page = page_of(answer.headers, offset=offset, limit=left)
            check_size(page, export, label=call.label)
            async for chunk in answer.chunks:
                counter.feed(chunk)
                if changed := shape.change(joint + chunk if joint else chunk):
                    yield changed
                joint = b""
            joint = b"" if not chunk or chunk.endswith(b"\n") else b"\n"
        check(counter.finish(), page, export, found, label=call.label)
        if export.ends or not page.scanned or page.total is None:
            break
        offset += page.scanned
        left = None if left is None else left - page.scanned
        if offset >= page.total or left == 0:
            break
    if rest := shape.finish():
        yield rest


def counter_of(export: Export, *, first: bool) -> Counter:
    if export.ends:
        return Document(export.ends)
    if export.format == "csv":
        return Records(header=export.flags["header"] and first)
    return Lines()


def check_size(page: Page, export: Export, *, label: str) -> None:
    """Raises `TooMany`, before anything is sent, when a document would lack items."""
    if not export.ends or page.total is None or page.scanned is None:
        return
    left = max(page.total - export.offset, 0)
    wanted = left if export.limit is None else min(left, export.limit)
    if page.scanned < wanted:
        kind = FORMATS[export.format].label
        raise TooMany(label, most=page.scanned, wanted=wanted, format=kind)


def shape_of(export: Export) -> Shape:
    """JSON is made of JSON Lines, whose items can be counted while they pass."""
    if export.format == "json":
        array = Array()
        return Shape(array.feed, array.finish)
    if export.guarded:
        guard = Guard(export.delimiter)
        return Shape(guard.feed, guard.finish)
    return Shape(lambda chunk: chunk, lambda: b"")


def part_params(
    export: Export, offset: int, limit: int | None, *, first: bool
) -> dict[str, str | int | bool | None]:
    params = export.api_params()
    params |= {"offset": offset or None, "limit": limit}
    if export.format == "json":
        params["format"] = "jsonl"
    if export.format == "csv" and not first:
        params |= {"skipHeaderRow": True, "bom": False}
    return params


def check(seen: int | None, page: Page, export: Export, found: Dataset, *, label: str) -> None:
    """Raises `Incomplete` when the part ended properly but too early."""
    wanted = None if export.ends else least(page, export, found)
    if seen is None or (wanted is not None and seen < wanted):
        raise Incomplete(label, seen=seen, wanted=wanted or page.scanned)


def least(page: Page, export: Export, found: Dataset) -> int | None:
    """How many items must come at the least; None when clean items cannot be told from the rest.

    As long as all items known before were clean, only those added since can be missing.
    """
    if page.scanned is None or not export.keeps_count:
        return None
    if not export.flags["clean"]:
        return page.scanned
    if export.lists["fields"] or export.lists["omit"] or found.clean_item_count != found.item_count:
        return None
    added = max((page.total or 0) - found.item_count, 0)
    return max(page.scanned - added, 0)
