import pytest
from django.core.cache import cache


@pytest.mark.parametrize("key", ["a", "a" * 5000, "with spaces\n", "\ud800", "ü"])
def test_any_text_is_a_key(key: str) -> None:
    cache.set(key, "kept", 60)
    assert cache.get(key) == "kept"
    assert cache.get(f"{key}!") is None
