"""Who may do what, for every route of the URL resolver and each person of the cast."""

from typing import Any

import httpx
import pytest
from django.test import Client

from console.middleware import PUBLIC
from console.roles import Role
from tests.conftest import CAST, Browse
from tests.console.permissions import ANYONE, NEEDED, SELF
from tests.fakes import FakeApi
from tests.routes import Route, routes

ROUTES = routes()
REFUSED = 403


@pytest.fixture
def empty_api(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch) -> FakeApi:
    """Knows nothing, so that every page that gets through ends at a plain 404."""
    error = {"error": {"type": "record-not-found", "message": "It was not found."}}

    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json=error)

    monkeypatch.setattr(fake_api, "handle", handle)
    return fake_api


def test_every_route_is_in_the_table() -> None:
    assert {route.name for route in ROUTES} <= set(NEEDED)


def test_the_table_names_no_route_that_is_gone() -> None:
    assert set(NEEDED) <= {route.name for route in ROUTES} | {"styleguide"}


def test_public_routes_are_those_with_a_reason() -> None:
    public = {name for name, needed in NEEDED.items() if needed == ANYONE}
    assert public <= set(PUBLIC)
    assert all(PUBLIC.values())


def needed(route: Route, method: str) -> str:
    least = NEEDED[route.name]
    if isinstance(least, tuple):
        return least[method == "POST"]
    return least


def may(name: str, least: str) -> bool:
    if least in (ANYONE, SELF):
        return least == ANYONE or bool(name)
    role = CAST.get(name)
    return role is not None and Role[role] >= Role[least]


def send(client: Client, method: str, route: Route, **headers: str) -> Any:
    ask = client.get if method == "GET" else client.post
    return ask(route.path, headers=headers)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_matrix(browser: Browse, empty_api: FakeApi, route: Route, method: str) -> None:
    least = needed(route, method)
    found = {}
    for name in CAST:
        answer = send(browser(name), method, route)
        found[name] = answer.status_code != REFUSED
    assert found == {name: may(name, least) for name in CAST}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_in_without_signing_in(
    db: None, empty_api: FakeApi, route: Route, method: str
) -> None:
    answer = send(Client(), method, route)
    led_away = answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next=")
    assert led_away == (needed(route, method) != ANYONE)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_parts_are_guarded_like_pages(browser: Browse, empty_api: FakeApi, route: Route) -> None:
    least = needed(route, "GET")
    for name in ("eve", "vera"):
        answer = send(browser(name), "GET", route, **{"HX-Request": "true"})
        assert (answer.status_code != REFUSED) == may(name, least)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_unsafe_requests_of_other_sites_are_refused(
    browser: Browse, empty_api: FakeApi, route: Route
) -> None:
    answer = send(browser("ada"), "POST", route, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == REFUSED
    assert b"another site" in answer.content


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_unsafe_requests_want_the_csrf_token(
    browser: Browse, cast: dict[str, Any], empty_api: FakeApi, route: Route
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["ada"], backend="django.contrib.auth.backends.ModelBackend")
    answer = send(client, "POST", route)
    assert answer.status_code == REFUSED


def test_a_view_that_names_no_permission_is_refused(
    browser: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.operations import views

    monkeypatch.delattr(views.operations, "needs")
    assert browser("ada").get("/operations/").status_code == REFUSED


def test_an_unknown_permission_fails_when_the_module_loads() -> None:
    from console.request import needs

    with pytest.raises(KeyError):
        needs("runs.eat")
