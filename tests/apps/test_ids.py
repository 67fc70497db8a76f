"""No page has two parts of one id: a label would lead to the wrong field."""

import re
from collections import Counter

import pytest
from django.core.cache import cache

from tests.browser.pages import PAGES
from tests.conftest import Browse
from tests.fakes import FakeApi

pytestmark = pytest.mark.urls("tests.browser.urls")
ID = re.compile(r'<[a-z][^>]*?\sid="([^"]+)"')


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique(browser: Browse, fake_api: FakeApi, name: str) -> None:
    person, path, tell = PAGES[name]
    client = browser(person)
    tell(fake_api)
    cache.clear()
    shown = client.get(path).content.decode()
    assert [found for found, times in Counter(ID.findall(shown)).items() if times > 1] == []
