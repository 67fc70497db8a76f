"""`Server-Timing`: how long a page took, and how long of that the API."""

import re

import pytest
from django.urls import reverse

from tests.conftest import Browse
from tests.console.asking import get
from tests.fakes import FakeApi

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_page_tells_its_time_and_the_share_of_the_api(
    browser: Browse, fake_api: FakeApi
) -> None:
    fake_api.data("GET", "/v2/actor-runs", {"total": 0, "items": []})
    fake_api.data("GET", "/v2/acts", {"total": 0, "items": []})
    answer = await get(browser, "vera", reverse("runs:list"))
    api, total = map(float, re.findall(r"dur=([0-9.]+)", answer.headers["server-timing"]))
    assert 0 < api < total
    assert len(fake_api.made("GET", "/v2/actor-runs")) == 1


async def test_a_page_that_asks_nothing_waits_for_nothing(browser: Browse) -> None:
    answer = await get(browser, "vera", reverse("account:settings"))
    assert answer.headers["server-timing"].startswith("api;dur=0.00, total;dur=")


async def test_nobody_is_told_how_long_signing_in_takes(browser: Browse) -> None:
    answer = await get(browser, "", reverse("team:sign_in"))
    assert "server-timing" not in answer.headers
