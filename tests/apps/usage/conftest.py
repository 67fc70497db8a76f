import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Names of Actors are kept for a while."""
    cache.clear()
