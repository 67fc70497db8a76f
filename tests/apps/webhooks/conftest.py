import pytest
from django.core.cache import cache

from tests.apps.webhooks.made import tell
from tests.fakes import FakeApi


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Names of Actors and runs for previews are kept for a while."""
    cache.clear()


@pytest.fixture
def told(fake_api: FakeApi) -> FakeApi:
    tell(fake_api)
    return fake_api
