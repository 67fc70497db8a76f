"""Rules 20-22 of semantics.md."""

from subprocess import CalledProcessError

import pytest

from apps.platform.domain.identity import Identity, digest_of
from apps.platform.http.auth import Tokens
from tests.platform.conftest import Account, Platform


def test_rule_20_the_token_in_the_header(platform: Platform, ada: Account) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {ada.token}"}
        assert platform.anonymous.get("users/me", headers=headers).status_code == 200


def test_rule_21_the_token_as_a_parameter(platform: Platform, ada: Account) -> None:
    answer = platform.anonymous.get("users/me", params={"token": ada.token})
    assert answer.json()["data"]["username"] == "ada"


def test_the_header_wins_over_the_parameter(ada: Account, ben: Account) -> None:
    answer = ada.http.get("users/me", params={"token": ben.token})
    assert answer.json()["data"]["username"] == "ada"


def test_rule_22_a_cookie_means_nothing(platform: Platform, ada: Account) -> None:
    headers = {"Cookie": f"token={ada.token}; sessionid={ada.token}"}
    assert platform.anonymous.get("users/me", headers=headers).status_code == 401


def test_a_wrong_token_is_refused_where_none_is_needed(platform: Platform) -> None:
    headers = {"Authorization": "Bearer wrong"}
    assert platform.anonymous.get("datasets/x", headers=headers).status_code == 401
    assert platform.anonymous.get("datasets/x").status_code == 404


def test_a_token_is_kept_only_as_digest_and_sealed(platform: Platform, ada: Account) -> None:
    rows = platform.sql("SELECT digest, sealed FROM token")
    assert digest_of(ada.token) in [digest for digest, _ in rows]
    assert all(ada.token not in str(row) for row in rows)


def test_the_command_prints_the_same_token_again(platform: Platform) -> None:
    first = platform.manage("platform_user", "again")
    assert platform.manage("platform_user", "again") == first
    assert platform.manage("platform_user", "again", "--token", "chosen-one") == "chosen-one"
    answer = platform.anonymous.get("users/me", params={"token": "chosen-one"})
    assert answer.json()["data"]["username"] == "again"


def test_a_token_stays_with_its_account(platform: Platform, ada: Account) -> None:
    with pytest.raises(CalledProcessError) as refused:
        platform.manage("platform_user", "thief", "--token", ada.token)
    assert refused.value.stderr == "CommandError: Another account has this token.\n"
    assert ada.http.get("users/me").json()["data"]["username"] == "ada"
    assert platform.sql("SELECT 1 FROM \"user\" WHERE username = 'thief'") == []


@pytest.mark.parametrize("token", ["a b", "ž", "x" * 201])
def test_a_token_that_no_header_can_carry_is_a_sentence(platform: Platform, token: str) -> None:
    with pytest.raises(CalledProcessError) as refused:
        platform.manage("platform_user", "odd", "--token", token)
    assert "CommandError: A token is 1 to 200 visible" in refused.value.stderr


def test_a_token_that_was_taken_back_is_soon_forgotten() -> None:
    known: dict[str, Identity] = {digest_of("t"): Identity("u", "ada")}
    tokens = Tokens(known.get)
    assert tokens.recall("t") is None
    assert tokens.identify("t") == tokens.recall("t")
    assert tokens.recall("other") is None
