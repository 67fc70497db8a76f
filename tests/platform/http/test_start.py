from tests.platform.conftest import Account


def test_rule_267_the_token_says_who_calls(ada: Account) -> None:
    assert ada.data("GET", "users/me")["username"] == "ada"


def test_rule_267_the_official_client_reads_the_account(ada: Account) -> None:
    user = ada.client.user().get()
    assert user is not None
    assert user.username == "ada"
