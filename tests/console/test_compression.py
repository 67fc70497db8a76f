import gzip

import brotli
import pytest
import zstandard
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from console.compression import CompressionMiddleware

PAGE = b"<p>row</p>" * 500


def answer(response: HttpResponseBase, accepted: str) -> HttpResponseBase:
    def view(request: HttpRequest) -> HttpResponseBase:
        return response

    request = RequestFactory().get("/", headers={"accept-encoding": accepted})
    return CompressionMiddleware(view)(request)


def test_a_page_is_packed_as_the_browser_can_read_it() -> None:
    newest = answer(HttpResponse(PAGE), "gzip, deflate, br, zstd")
    assert isinstance(newest, HttpResponse)
    assert zstandard.decompress(newest.content) == PAGE
    assert newest["Content-Encoding"] == "zstd"
    packed = answer(HttpResponse(PAGE), "gzip, br;q=0.9")
    assert isinstance(packed, HttpResponse)
    assert brotli.decompress(packed.content) == PAGE
    assert packed["Content-Encoding"] == "br"
    assert packed["Content-Length"] == str(len(packed.content))
    older = answer(HttpResponse(PAGE), "gzip")
    assert isinstance(older, HttpResponse)
    assert gzip.decompress(older.content) == PAGE


def test_caches_know_that_it_depends() -> None:
    plain = answer(HttpResponse(PAGE), "")
    assert not plain.has_header("Content-Encoding")
    assert plain["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"short"),
        HttpResponse(PAGE, content_type="image/png"),
        HttpResponse(PAGE, headers={"Content-Encoding": "identity"}),
        StreamingHttpResponse([PAGE]),
    ],
    ids=["short", "image", "packed already", "stream"],
)
def test_the_rest_stays_as_it_is(response: HttpResponseBase) -> None:
    before = response.get("Content-Encoding")
    assert answer(response, "br").get("Content-Encoding") == before
