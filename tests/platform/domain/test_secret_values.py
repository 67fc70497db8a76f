"""The format of encrypted input values; the SDKs themselves read it in the engine's tests."""

from typing import Any

import pytest

from apps.platform.domain import secret_values


@pytest.fixture(scope="module")
def key() -> str:
    return secret_values.new_key()


@pytest.mark.parametrize("value", ["canary", "ž\n€", {"a": [1, None]}, ["x"], 7])
def test_what_is_sealed_comes_back(key: str, value: Any) -> None:
    sealed = secret_values.seal(value, key)
    assert secret_values.is_sealed(sealed)
    assert sealed.startswith("ENCRYPTED_VALUE:" if isinstance(value, str) else "ENCRYPTED_JSON:")
    assert "canary" not in sealed
    assert secret_values.unseal(sealed, key) == value
    assert sealed != secret_values.seal(value, key)


def test_another_key_or_a_change_opens_nothing(key: str) -> None:
    sealed = secret_values.seal("canary", key)
    kind, password, text = sealed.split(":")
    wrong = [f"{kind}:{password}:{text[:-6]}AAAA==", f"{kind}:{text}:{password}", f"{kind}:a:b"]
    wrong += [f"ENCRYPTED_JSON:{password}:{text}", "no", f"{kind}::"]
    for each in wrong:
        with pytest.raises(ValueError, match=r".*"):
            secret_values.unseal(each, key)
    with pytest.raises(ValueError, match=r".*"):
        secret_values.unseal(sealed, secret_values.new_key())


def test_a_hash_of_the_schema_may_stand_in_it(key: str) -> None:
    kind, password, text = secret_values.seal(["x"], key).split(":")
    assert secret_values.unseal(f"{kind}:0a1b2c3d4e:{password}:{text}", key) == ["x"]


@pytest.mark.parametrize("value", ["ENCRYPTED_VALUE", "ENCRYPTED_VALUE:a", 5, None, "a:b:c", ""])
def test_other_values_are_not_taken_for_sealed(value: Any) -> None:
    assert not secret_values.is_sealed(value)
