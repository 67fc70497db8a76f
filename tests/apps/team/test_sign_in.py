from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.team import links
from apps.team.models import SignInLink, User
from apps.team.workspaces import set_role
from console.request import Role
from tests.conftest import Browse

URL = "/sign-in/"
PASSWORD = "correct horse battery"


@pytest.fixture
def ada(cast: dict[str, Any]) -> User:
    user: User = cast["ada"]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, name: str, password: str, **more: Any) -> Any:
    return client.post(URL, {"username": name, "password": password}, **more)


def test_it_shows_the_form(db: None, client: Client) -> None:
    answer = client.get(URL)
    assert b"csrfmiddlewaretoken" in answer.content
    assert answer.status_code == 200


def test_it_signs_in_and_goes_home(ada: User, client: Client) -> None:
    answer = sign_in(client, "ada", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_it_keeps_passwords_with_argon2(ada: User) -> None:
    assert ada.password.startswith("argon2$")


def test_it_goes_where_the_person_wanted_to_be(ada: User, client: Client) -> None:
    answer = client.post(f"{URL}?next=/runs/", {"username": "ada", "password": PASSWORD})
    assert answer["Location"] == "/runs/"


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
def test_it_does_not_lead_to_another_site(ada: User, client: Client, elsewhere: str) -> None:
    given = {"username": "ada", "password": PASSWORD, "next": elsewhere}
    assert client.post(URL, given)["Location"] == "/"


def test_it_makes_a_new_session_key(ada: User, client: Client) -> None:
    client.get(URL)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    sign_in(client, "ada", PASSWORD)
    assert client.session.session_key != session.session_key


def test_it_says_the_same_of_unknown_names_wrong_passwords_and_disabled_people(
    ada: User, client: Client
) -> None:
    wrong = sign_in(client, "ada", "wrong")
    unknown = sign_in(client, "nobody", "wrong")
    ada.is_active = False
    ada.save()
    disabled = sign_in(client, "ada", PASSWORD)
    said = {str(each.context["form"].errors) for each in (wrong, unknown, disabled)}
    assert len(said) == 1
    assert {answer.status_code for answer in (wrong, unknown, disabled)} == {422}


def test_it_keeps_the_name_but_never_the_password(ada: User, client: Client) -> None:
    answer = sign_in(client, "ada", "my wrong password")
    assert b'value="ada"' in answer.content
    assert b"my wrong password" not in answer.content


def test_it_refuses_the_sixth_try_even_with_the_right_password(ada: User, client: Client) -> None:
    for _ in range(5):
        sign_in(client, "ada", "wrong")
    answer = sign_in(client, "ada", PASSWORD)
    assert answer.status_code == 429
    assert b"Wait 15 minutes" in answer.content


def test_the_right_password_still_works_from_another_address(ada: User, client: Client) -> None:
    for _ in range(6):
        sign_in(client, "ada", "wrong")
    assert sign_in(client, "ada", PASSWORD, REMOTE_ADDR="10.1.2.3").status_code == 303


def test_a_locked_person_does_not_lock_others(ada: User, client: Client) -> None:
    for _ in range(6):
        sign_in(client, "olga", "wrong")
    assert sign_in(client, "ada", PASSWORD).status_code == 303


def test_it_wants_the_csrf_token(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sign_in(client, "ada", PASSWORD)
    assert answer.status_code == 403
    assert b"Nothing was done" in answer.content


def test_a_link_signs_in_once(ada: User, client: Client) -> None:
    path = links.make(ada)
    assert client.get(path)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(ada.pk)
    again = Client().get(path)
    assert again.status_code == 410
    assert b"works once" in again.content


def test_a_link_is_kept_as_a_hash(ada: User) -> None:
    secret = links.make(ada).rsplit("/", 2)[-2]
    row = SignInLink.objects.get()
    assert secret not in row.digest
    assert len(row.digest) == 64


def test_a_link_ends(ada: User, client: Client) -> None:
    path = links.make(ada)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 410


def test_a_link_of_a_disabled_person_opens_nothing(ada: User, client: Client) -> None:
    path = links.make(ada)
    ada.is_active = False
    ada.save()
    assert client.get(path).status_code == 410


def test_looking_at_a_link_does_not_use_it_up(ada: User, client: Client) -> None:
    path = links.make(ada)
    assert client.head(path).status_code == 405
    assert client.post(path).status_code == 405
    assert client.get(path).status_code == 303


def test_old_links_are_cleared_away(ada: User) -> None:
    links.make(ada)
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    links.make(ada)
    assert SignInLink.objects.count() == 1


def test_signing_out_ends_the_session(browser: Browse) -> None:
    client = browser("vera")
    assert client.post("/sign-out/")["Location"] == URL
    assert client.get("/settings/").status_code == 302


def test_signing_out_refuses_get(browser: Browse) -> None:
    assert browser("vera").get("/sign-out/").status_code == 405


def test_signing_out_needs_a_person(db: None, client: Client) -> None:
    assert client.post("/sign-out/")["Location"].startswith(URL)


def test_a_new_password_ends_other_sessions(browser: Browse, cast: dict[str, Any]) -> None:
    client = browser("vera")
    assert client.get("/settings/").status_code == 200
    cast["vera"].set_password(PASSWORD)
    cast["vera"].save()
    assert client.get("/settings/").status_code == 302


def test_another_role_ends_sessions(browser: Browse, cast: dict[str, Any], workspace: Any) -> None:
    client = browser("vera")
    set_role(cast["vera"], workspace, Role.ADMIN)
    assert client.get("/settings/").status_code == 302


def test_disabling_ends_sessions(browser: Browse, cast: dict[str, Any]) -> None:
    client = browser("vera")
    cast["vera"].is_active = False
    cast["vera"].save()
    assert client.get("/settings/").status_code == 302


def test_a_session_lasts_twelve_hours_from_the_last_request(browser: Browse) -> None:
    client = browser("vera")
    session = client.session
    session["seen"] = 0
    session.save()
    client.get("/settings/")
    assert client.session["seen"] > 0
    assert client.session.get_expiry_age() == 12 * 60 * 60


def test_htmx_is_sent_to_the_sign_in_page(db: None, client: Client) -> None:
    answer = client.get("/settings/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, reverse("team:sign_in"))
