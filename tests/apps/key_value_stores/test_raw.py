import pytest
from django.urls import reverse

from apps.key_value_stores.streams import send_archive
from console.http import async_api_for
from tests.conftest import Browse
from tests.console.asking import get
from tests.fakes import BASE_URL, STORE_ID, TOKEN, FakeApi
from tests.faults.scripted import Browser

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = ["text/html", "image/svg+xml", "application/pdf", "text/html\r\nX-Evil: 1", "<script>"]


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None) -> None:
    """The door looks from threads of its own, which see only what is committed."""


async def asked(browser: Browse, name: str, key: str, query: str = "") -> Browser:
    return await get(browser, name, reverse("key_value_stores:raw", args=[STORE_ID, key]), query)


def tell(fake_api: FakeApi, key: str, content: bytes, content_type: str) -> None:
    url = f"/v2/key-value-stores/{STORE_ID}/records/{key}"
    fake_api.raw("GET", url, content, content_type=content_type)


async def test_an_image_is_shown_and_saved_on_demand(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, "shot.png", b"\x89PNG", "image/png")
    answer = await asked(browser, "vera", "shot.png")
    assert (bytes(answer.body), answer.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert not answer.headers["content-disposition"].startswith("attachment")
    saved = await asked(browser, "vera", "shot.png", "save=1")
    assert saved.headers["content-disposition"] == 'attachment; filename="shot.png"'


@pytest.mark.parametrize("content_type", HOSTILE)
async def test_a_record_never_runs_here(
    browser: Browse, fake_api: FakeApi, content_type: str
) -> None:
    tell(fake_api, "page", b"<script>alert(1)</script>", content_type)
    answer = await asked(browser, "vera", "page")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "x-evil" not in answer.headers


async def test_a_record_that_is_gone_is_said(browser: Browse, fake_api: FakeApi) -> None:
    url = f"/v2/key-value-stores/{STORE_ID}/records/none"
    fake_api.error("GET", url, 404, "record-not-found", "No such record")
    answer = await asked(browser, "vera", "none")
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_record_cut_short_never_ends_well(browser: Browse, fake_api: FakeApi) -> None:
    url = f"/v2/key-value-stores/{STORE_ID}/records/big"
    fake_api.raw("GET", url, b"x" * 10, headers={"content-length": "20"})
    assert not (await asked(browser, "vera", "big")).whole


@pytest.mark.parametrize("name", ["", "eve"])
async def test_who_may_not_gets_no_record(browser: Browse, fake_api: FakeApi, name: str) -> None:
    """Nobody is asked to sign in, who has no seat is refused."""
    answer = await asked(browser, name, "A")
    assert answer.status == (403 if name else 302)
    if not name:
        assert answer.headers["location"].startswith(reverse("team:sign_in"))
    assert not fake_api.calls


async def test_a_page_in_a_frame_has_its_styles_and_nothing_else(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api, "page", b"<h1>a</h1>", "Text/HTML; charset=utf-8")
    answer = await asked(browser, "vera", "page", "frame=1")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    assert answer.headers["content-disposition"].startswith("inline")
    tell(fake_api, "svg", b"<svg/>", "image/svg+xml")
    drawn = await asked(browser, "vera", "svg", "frame=1")
    assert drawn.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(("content", "whole"), [(b"PK\x05\x06" + bytes(18), True), (b"PK", False)])
async def test_all_records_are_one_archive_and_whole(
    fake_api: FakeApi, content: bytes, whole: bool
) -> None:
    url = f"/v2/key-value-stores/{STORE_ID}/records"
    fake_api.raw("GET", url, content, content_type="application/zip")
    answer = Browser()
    api = async_api_for(BASE_URL, TOKEN)
    await send_archive(answer.receive, answer.send, api, STORE_ID, prefix="a")
    assert answer.whole is whole
    assert answer.headers["content-disposition"].endswith(f'"records-{STORE_ID}.zip"')
    assert fake_api.calls[0].query == {"prefix": "a"}
