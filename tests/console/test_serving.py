import gzip

import brotli
import pytest
from django.test import Client

from console.ui.assets import SOURCES, asset

NAMES = sorted(SOURCES)


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_is_kept_for_good_under_its_digest(name: str) -> None:
    found = asset(name)
    answer = Client().get(found.url)
    assert answer.status_code == 200
    assert answer.content == found.plain
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"] == found.content_type
    assert answer["Vary"] == "Accept-Encoding"


def test_assets_travel_packed() -> None:
    found = asset("app.css")
    by_brotli = Client().get(found.url, headers={"accept-encoding": "gzip, deflate, br, zstd"})
    by_gzip = Client().get(found.url, headers={"accept-encoding": "gzip"})
    assert brotli.decompress(by_brotli.content) == gzip.decompress(by_gzip.content) == found.plain
    assert by_brotli["Content-Encoding"] == "br"


def test_an_outdated_digest_gets_what_is_there_now_but_briefly() -> None:
    answer = Client().get("/assets/app.000000000000.css")
    assert answer.content == asset("app.css").plain
    assert answer["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", ["", "x", "app.css.map", "../console/settings.py", "app..js.py"])
def test_nothing_else_is_served(path: str) -> None:
    assert Client().get(f"/assets/{path}").status_code == 404


def test_assets_refuse_post() -> None:
    assert Client().post(asset("app.css").url).status_code == 405


def test_every_part_is_in_its_place() -> None:
    assert b"@import" not in asset("app.css").plain
    assert b"\nimport " not in asset("app.js").plain
    assert asset("htmx.js").plain.count(b"registerExtension(") >= 2


def test_the_shared_files_leave_room_for_the_page() -> None:
    """Of the 90 kB that a first view may weigh."""
    packed = sum(len(brotli.compress(asset(name).plain)) for name in NAMES)
    assert packed < 45_000
