from typing import Any

import pytest

from apps.team.models import User
from tests.conftest import Browse
from tests.fakes import TOKEN, FakeApi, page

URL = "/settings/"
PASSWORD = "correct horse battery"
GIVEN = {
    "time_zone": "Europe/Prague",
    "theme": "dark",
    "density": "roomy",
    "email": "vera@mail.example",
}


def test_it_shows_what_is_set(browser: Browse) -> None:
    answer = browser("vera").get(URL)
    assert b'<option value="UTC" selected>' in answer.content
    assert b"Signed in as vera" in answer.content


def test_it_saves_with_the_person_and_in_cookies(browser: Browse, cast: dict[str, Any]) -> None:
    client = browser("vera")
    assert client.post(URL, GIVEN)["Location"] == URL
    user = User.objects.get(username="vera")
    shown = (user.time_zone, user.theme, user.density, user.email)
    assert shown == tuple(GIVEN.values())
    assert (client.cookies["theme"].value, client.cookies["density"].value) == ("dark", "roomy")


def zone_of(client: Any) -> str:
    request: Any = client.get(URL).wsgi_request
    return str(request.zone.key)


def test_times_are_in_the_persons_zone(browser: Browse) -> None:
    client = browser("vera")
    client.post(URL, GIVEN)
    assert zone_of(client) == "Europe/Prague"


def test_an_odd_zone_in_the_database_is_utc(browser: Browse) -> None:
    User.objects.filter(username="vera").update(time_zone="Mars/Base")
    assert zone_of(browser("vera")) == "UTC"


@pytest.mark.parametrize(
    ("name", "wrong"), [("time_zone", "Mars/Base"), ("theme", "pink"), ("email", "vera")]
)
def test_it_refuses_what_is_no_choice(browser: Browse, name: str, wrong: str) -> None:
    answer = browser("vera").post(URL, {**GIVEN, name: wrong})
    assert answer.status_code == 422
    assert b'aria-invalid="true"' in answer.content
    assert User.objects.get(username="vera").theme == "system"


def test_the_theme_button_is_minded(browser: Browse) -> None:
    client = browser("vera")
    client.cookies["theme"] = "dark"
    assert b'<option value="dark" selected>' in client.get(URL).content


def password(browser: Browse, name: str, **given: str) -> Any:
    return browser(name).post(f"{URL}password/", given)


def test_a_first_password_needs_no_old_one(browser: Browse) -> None:
    assert password(browser, "vera", new=PASSWORD).status_code == 303
    assert User.objects.get(username="vera").check_password(PASSWORD)


def test_another_password_needs_the_old_one(browser: Browse) -> None:
    client = browser("vera")
    client.post(f"{URL}password/", {"new": PASSWORD})
    answer = client.post(f"{URL}password/", {"old": "wrong", "new": "another good one"})
    assert answer.status_code == 422
    assert b"not your current password" in answer.content
    again = client.post(f"{URL}password/", {"old": PASSWORD, "new": "another good one"})
    assert again.status_code == 303


@pytest.mark.parametrize("weak", ["short", "password1234", ""])
def test_weak_passwords_are_refused(browser: Browse, weak: str) -> None:
    answer = password(browser, "vera", new=weak)
    assert answer.status_code == 422
    assert not User.objects.get(username="vera").check_password(weak)


def test_this_session_goes_on_and_others_end(browser: Browse) -> None:
    here, there = browser("vera"), browser("vera")
    here.post(f"{URL}password/", {"new": PASSWORD})
    assert here.get(URL).status_code == 200
    assert there.get(URL).status_code == 302


def test_changing_the_password_refuses_get(browser: Browse) -> None:
    assert browser("vera").get(f"{URL}password/").status_code == 405


WORKSPACE = "/settings/workspace/"


def test_the_token_is_never_shown(browser: Browse) -> None:
    for name in ("ada", "vera"):
        content = browser(name).get(WORKSPACE).content
        assert TOKEN.encode() not in content
        assert f"<code>{TOKEN[-4:]}</code>".encode() in content


def test_an_admin_sets_another_token(browser: Browse, fake_api: FakeApi, workspace: Any) -> None:
    fake_api.data("GET", "/v2/users/me", {"id": "u1", "username": "jane35"})
    given = {"api_url": "http://api.test/v2/", "token": "apify_api_other9876"}
    ada = browser("ada")
    assert ada.post(WORKSPACE, given)["Location"] == WORKSPACE
    assert "The account is jane35." in ada.get(WORKSPACE).content.decode()
    [call] = fake_api.made("GET", "/v2/users/me")
    assert call.headers["authorization"] == "Bearer apify_api_other9876"
    workspace.refresh_from_db()
    assert (workspace.api_url, workspace.last_four) == ("http://api.test", "9876")


def test_a_connection_that_does_not_work_is_told_at_once(
    browser: Browse, fake_api: FakeApi, workspace: Any
) -> None:
    fake_api.error("GET", "/v2/users/me", 401, "user-or-token-not-found", "Token is not valid.")
    ada = browser("ada")
    ada.post(WORKSPACE, {"api_url": "http://api.test", "token": "mistyped"})
    assert "Saved, but it does not work: Token is not valid." in ada.get(WORKSPACE).content.decode()


def test_an_empty_token_keeps_the_present_one(
    browser: Browse, fake_api: FakeApi, workspace: Any
) -> None:
    fake_api.data("GET", "/v2/users/me", {"id": "u1", "username": "jane35"})
    browser("ada").post(WORKSPACE, {"api_url": "http://api.test", "token": ""})
    assert fake_api.calls[0].headers["authorization"] == f"Bearer {TOKEN}"
    workspace.refresh_from_db()
    assert workspace.last_four == TOKEN[-4:]


def test_another_address_forgets_the_token(browser: Browse, workspace: Any) -> None:
    browser("ada").post(WORKSPACE, {"api_url": "http://evil.test", "token": ""})
    workspace.refresh_from_db()
    assert (workspace.sealed_token, workspace.last_four) == ("", "")


@pytest.mark.parametrize(
    "given",
    [
        {"api_url": "ftp://api.test"},
        {"api_url": "http://"},
        {"api_url": "http://[::1"},
        {"api_url": "http://api.test:99999"},
        {"api_url": "http://api.test:x"},
        {"api_url": "http://user:pass@api.test"},
        {"api_url": "http://api.test?token=x"},
        {"api_url": ""},
        {"api_url": "http://api.test", "token": "two words"},
        {"api_url": "http://api.test", "token": "né"},
        {"api_url": "http://api.test", "token": "a\r\nX-Other: 1"},
    ],
)
def test_what_is_no_address_or_token_is_refused(
    browser: Browse, workspace: Any, given: dict[str, str]
) -> None:
    assert browser("ada").post(WORKSPACE, given).status_code == 422
    workspace.refresh_from_db()
    assert workspace.last_four == TOKEN[-4:]


@pytest.mark.parametrize("name", ["olga", "luke", "vera"])
def test_only_admins_change_the_connection(browser: Browse, workspace: Any, name: str) -> None:
    answer = browser(name).post(WORKSPACE, {"api_url": "http://evil.test"})
    assert answer.status_code == 403
    workspace.refresh_from_db()
    assert workspace.api_url == "http://api.test"


@pytest.mark.parametrize(
    ("name", "status", "leads"),
    [("ada", 401, True), ("ada", 403, False), ("ada", 500, False), ("olga", 401, False)],
)
def test_a_refused_token_leads_admins_to_the_connection(
    browser: Browse, fake_api: FakeApi, name: str, status: int, leads: bool
) -> None:
    fake_api.error("GET", "/v2/actor-runs", status, "some-type")
    fake_api.data("GET", "/v2/acts", page([]))
    shown = browser(name).get("/runs/").content.decode()
    assert ('href="/settings/workspace/"' in shown.split("<main")[1]) == leads
