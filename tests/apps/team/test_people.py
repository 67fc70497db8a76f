"""The quick way to the person behind a request says yes only where Django's own would."""

from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY, get_user
from django.http import HttpRequest

from apps.team.people import person, user_of
from apps.team.workspaces import places_of, seat_of
from console.sessions import SessionStore
from tests.conftest import Browse
from tests.fakes import FakeApi, page


@pytest.fixture
def request_of_vera(browser: Browse) -> HttpRequest:
    request = HttpRequest()
    session: Any = browser("vera").session
    request.session = SessionStore(session.session_key)
    return request


def test_a_page_asks_the_database_three_times(
    browser: Browse, fake_api: FakeApi, django_assert_num_queries: Any
) -> None:
    """For the session, for the person with their seats, and for what the bell counts."""
    fake_api.data("GET", "/v2/actor-builds", page([]))
    fake_api.data("GET", "/v2/acts", page([]))
    client = browser("vera")
    client.get("/builds/")
    with django_assert_num_queries(3):
        assert client.get("/builds/").status_code == 200


def test_it_finds_whom_django_finds(request_of_vera: HttpRequest) -> None:
    found = user_of(request_of_vera)
    assert found == get_user(request_of_vera)
    assert found.places == places_of(found.pk)
    assert found.email == ""  # a column that is loaded when asked for


def test_a_session_whose_hash_is_not_right_is_ended(request_of_vera: HttpRequest) -> None:
    request_of_vera.session[HASH_SESSION_KEY] = "0" * 64
    assert user_of(request_of_vera).is_anonymous
    assert not request_of_vera.session.items()


def test_who_is_not_active_is_nobody(cast: dict[str, Any], request_of_vera: HttpRequest) -> None:
    cast["vera"].is_active = False
    cast["vera"].save()
    assert person(str(cast["vera"].pk)) is None
    assert user_of(request_of_vera).is_anonymous


def test_who_has_no_seat_gets_none(cast: dict[str, Any]) -> None:
    request = HttpRequest()
    request.user = person(str(cast["eve"].pk))  # type: ignore[assignment] # a person is there
    assert seat_of(request) is None


@pytest.mark.parametrize("user_id", ["", "x", "-1", "999999"])
def test_what_is_no_id_is_nobody(db: None, user_id: str) -> None:
    assert person(user_id) is None


def test_what_one_request_changes_in_a_session_is_not_seen_by_another(browser: Browse) -> None:
    key = browser("vera").session.session_key
    SessionStore(key).load()["more"] = 1
    assert "more" not in SessionStore(key).load()
