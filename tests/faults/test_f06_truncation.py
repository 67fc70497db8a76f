"""F-06: whatever is cut, wherever: never a short file under its final name."""

import asyncio
import csv
import gzip
import io
import json
import random
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import brotli
import pytest
from django.http import QueryDict

from apps.datasets.export import read_export
from apps.datasets.streams import send_export
from console.api.async_client import AsyncApi, AsyncPool
from console.api.wire import Target
from tests.fakes import DATASET_ID, dataset_json
from tests.faults.scripted import Browser, Script, serving

ITEMS = [{"n": n, "text": f'say "{n}", twice\nand', "list": [n, {"x": "]"}]} for n in range(120)]
CUTS = 200
FORMATS = ("json", "jsonl", "csv")


def jsonl(items: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


def csv_of(items: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["n", "text", "list"])
    writer.writerows([[item["n"], item["text"], json.dumps(item["list"])] for item in items])
    return text.getvalue().encode()


BODIES = {"json": jsonl(ITEMS), "jsonl": jsonl(ITEMS), "csv": csv_of(ITEMS)}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}


def answer(head: str, body: bytes) -> bytes:
    counts = f"X-Apify-Pagination-Total: {len(ITEMS)}\r\nX-Apify-Pagination-Count: {len(ITEMS)}\r\n"
    return f"HTTP/1.1 200 OK\r\n{counts}{head}\r\n\r\n".encode() + body


def framed(framing: str, body: bytes, cut: int) -> bytes:
    """The answer cut after `cut` bytes of its body; `cut` past the end leaves it whole."""
    if framing == "length":
        return answer(f"Content-Length: {len(body)}", body[:cut])
    if framing == "chunked":
        chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        return answer("Transfer-Encoding: chunked", chunk[:cut])
    if framing == "ends":
        return answer("Connection: close", body[:cut])
    if framing == "lies":
        return answer(f"Content-Length: {len(body[:cut])}", body[:cut])
    packed = PACKED[framing](body)[:cut]
    return answer(f"Content-Encoding: {framing}\r\nContent-Length: {len(packed)}", packed)


def script(content: Callable[[], bytes]) -> Script:
    async def play(target: str, writer: asyncio.StreamWriter) -> None:
        if "/items" in target:
            writer.write(content())
            await writer.drain()
            writer.close()
            return
        told = dataset_json(itemCount=len(ITEMS), cleanItemCount=len(ITEMS))
        body = json.dumps({"data": told}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    return play


@pytest.fixture
async def pool() -> AsyncIterator[AsyncPool]:
    made = AsyncPool(delay=0.001)
    yield made
    await made.close()


async def exported(url: str, pool: AsyncPool, query: str) -> Browser:
    browser = Browser()
    api = AsyncApi(Target(url, "token"), pool)
    export = read_export(QueryDict(query))
    await send_export(browser.receive, browser.send, api, DATASET_ID, export)
    return browser


def last_record(format_: str, body: bytes) -> int:
    """Where the last record of CSV begins: a lie within it is the one that nobody can see."""
    return body.rindex(b"\r\n", 0, -2) + 2 if format_ == "csv" else len(body)


@pytest.mark.parametrize("clean", ["0", "1"])
@pytest.mark.parametrize("framing", ["length", "chunked", "ends", "lies"])
@pytest.mark.parametrize("format_", FORMATS)
async def test_f_06_a_cut_body_never_ends_well(
    pool: AsyncPool, format_: str, framing: str, clean: str
) -> None:
    body = BODIES[format_]
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    hidden = framing in {"ends", "lies"}
    most = last_record(format_, body) if hidden else len(body)
    current = 0
    async with serving(script(lambda: framed(framing, body, current))) as server:
        for _ in range(CUTS):
            current = dice.randrange(most - 1 if hidden else most)
            browser = await exported(server.url, pool, f"format={format_}&clean={clean}&safe=0")
            ended_well = browser.whole and browser.status == 200
            assert not ended_well, f"seed {seed}, cut at {current}"


@pytest.mark.parametrize("encoding", sorted(PACKED))
@pytest.mark.parametrize("format_", FORMATS)
async def test_f_06_a_body_compressed_unasked_is_refused_cut_or_not(
    pool: AsyncPool, format_: str, encoding: str
) -> None:
    body = BODIES[format_]
    cuts = [10, len(PACKED[encoding](body)) // 2, len(body)]
    async with serving(script(lambda: framed(encoding, body, cuts[0]))) as server:
        while cuts:
            browser = await exported(server.url, pool, f"format={format_}")
            assert browser.status == 502
            assert b"cannot be read" in browser.body
            cuts.pop(0)


@pytest.mark.parametrize("framing", ["length", "chunked", "ends"])
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("ended", [True, False])
async def test_f_06_a_whole_body_is_a_whole_file(
    pool: AsyncPool, format_: str, framing: str, ended: bool
) -> None:
    body = BODIES[format_] if ended else BODIES[format_].rstrip(b"\r\n")
    async with serving(script(lambda: framed(framing, body, 1 << 30))) as server:
        browser = await exported(server.url, pool, f"format={format_}&clean=0&safe=0")
    assert browser.whole
    if format_ == "json":
        assert json.loads(browser.body) == ITEMS
    else:
        assert bytes(browser.body) == body


async def test_f_06_cut_at_an_item_the_file_never_says_how_it_ends(pool: AsyncPool) -> None:
    body = jsonl(ITEMS[:100])
    async with serving(script(lambda: framed("lies", body, len(body)))) as server:
        browser = await exported(server.url, pool, "format=json&clean=0")
    assert not browser.whole
    assert not browser.body.rstrip().endswith(b"]\n]")
