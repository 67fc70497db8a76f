"""No page has two parts of one id, and none names a part that is not there."""

import re
from collections import Counter

import pytest
from django.core.cache import cache

from tests.browser.pages import PAGES
from tests.conftest import Browse
from tests.fakes import FakeApi

pytestmark = pytest.mark.urls("tests.browser.urls")
ID = re.compile(r'<[a-z][^>]*?\sid="([^"]+)"')
NAMES = "for|list|form|popovertarget|aria-describedby|aria-labelledby|aria-controls|data-dialog"
NAMED = re.compile(rf'\s(?:{NAMES})="([^"]+)"')
TAG = re.compile(r"<[a-z][^>]*>")
BY_ADDRESS = {"export"}  # dialogs that come with the address of their opener alone


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_there(browser: Browse, fake_api: FakeApi, name: str) -> None:
    person, path, tell = PAGES[name]
    client = browser(person)
    tell(fake_api)
    cache.clear()
    shown = client.get(path).content.decode()
    ids = Counter(ID.findall(shown))
    assert [found for found, times in ids.items() if times > 1] == []
    named = {
        each for tag in TAG.findall(shown) for found in NAMED.findall(tag) for each in found.split()
    }
    assert named - set(ids) - BY_ADDRESS == set()
