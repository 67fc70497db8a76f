"""The page of a workspace's people."""

from typing import Any

import pytest
from django.test import Client

from apps.team.models import AuditEntry, Membership, User
from apps.team.setup import ensure_workspace
from apps.team.workspaces import set_role
from console.request import Role
from tests.conftest import Browse
from tests.fakes import TOKEN, FakeApi

TEAM = "/team/"


def role_of(name: str) -> Role | None:
    found = Membership.objects.filter(user__username=name).first()
    return Role(found.role) if found else None


def test_everyone_sees_who_is_here_and_admins_may_change_it(browser: Browse) -> None:
    seen = browser("vera").get(TEAM).content.decode()
    assert "olga" in seen
    assert "Add a person" not in seen
    assert "Add a person" in browser("ada").get(TEAM).content.decode()


def test_a_new_person_gets_a_link_that_signs_in_once(browser: Browse) -> None:
    answer = browser("ada").post(f"{TEAM}add/", {"name": "nadia", "role": "LAUNCHER"})
    assert answer.status_code == 200
    assert role_of("nadia") == Role.LAUNCHER
    link = answer.context["link"].removeprefix("http://testserver")
    assert link in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    newcomer = Client()
    assert newcomer.get(link).status_code == 303
    assert newcomer.get("/settings/").status_code == 200
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(
    "changes", [{"last_login": "2026-01-01T00:00:00Z"}, {"is_superuser": True}]
)
def test_nobody_gets_a_link_to_the_account_of_another(
    browser: Browse, cast: dict[str, Any], changes: dict[str, Any]
) -> None:
    User.objects.create(username="nadia", password="!", **changes)
    answer = browser("ada").post(f"{TEAM}add/", {"name": "nadia", "role": "VIEWER"})
    assert role_of("nadia") == Role.VIEWER
    assert answer.context["link"] == ""


def test_nobody_gets_a_link_to_who_sits_elsewhere_too(browser: Browse) -> None:
    other = ensure_workspace("Other", "http://other.test", TOKEN)
    set_role(User.objects.create(username="nadia", password="!"), other, Role.ADMIN)
    answer = browser("ada").post(f"{TEAM}add/", {"name": "nadia", "role": "VIEWER"})
    assert answer.context["link"] == ""


@pytest.mark.parametrize(
    "typed", [{"name": "a b", "role": "VIEWER"}, {"name": "x", "role": "KING"}]
)
def test_what_cannot_be_is_said_and_kept(browser: Browse, typed: dict[str, str]) -> None:
    answer = browser("ada").post(f"{TEAM}add/", typed)
    assert answer.status_code == 422
    assert f'value="{typed["name"]}"' in answer.content.decode()
    assert role_of(typed["name"]) is None


def test_a_role_is_changed_and_written_down(browser: Browse, cast: dict[str, Any]) -> None:
    olga = browser("olga")
    address = f"{TEAM}{cast['olga'].pk}/role/"
    answer = browser("ada").post(address, {"role": "VIEWER"})
    assert answer["Location"] == TEAM
    assert role_of("olga") == Role.VIEWER
    assert olga.get(TEAM).status_code == 302  # signed out
    entry = AuditEntry.objects.get()
    assert (entry.before["role"], entry.after["role"]) == ("operator", "viewer")
    assert "operator to viewer" in browser("ada").get(TEAM).content.decode()
    assert browser("ada").post(address, {"role": "KING"}).status_code == 422


def test_who_works_here_is_not_added_again(browser: Browse, cast: dict[str, Any]) -> None:
    """Else the role that the form happens to show would be theirs, and they would be signed out."""
    olga = browser("olga")
    answer = browser("ada").post(f"{TEAM}add/", {"name": "olga", "role": "LAUNCHER"})
    assert answer.status_code == 422
    assert "olga works here already" in answer.content.decode()
    assert role_of("olga") == Role.OPERATOR
    assert olga.get(TEAM).status_code == 200


def test_who_lost_the_link_gets_another(browser: Browse, cast: dict[str, Any]) -> None:
    User.objects.filter(username="luke").update(password="!", last_login="2026-01-01T00:00:00Z")
    address = f"{TEAM}{cast['luke'].pk}/link/"
    assert f'action="{address}"' in browser("ada").get(TEAM).content.decode()
    assert f'action="{address}"' not in browser("olga").get(TEAM).content.decode()
    answer = browser("ada").post(address)
    assert answer.status_code == 200
    link = answer.context["link"].removeprefix("http://testserver")
    assert "no-store" in answer["Cache-Control"]
    assert "made a sign-in link for luke" in answer.content.decode()
    newcomer = Client()
    assert "Choose a password" in newcomer.get(link, follow=True).content.decode()
    assert newcomer.get(TEAM).status_code == 200


@pytest.mark.parametrize("reason", ["password", "elsewhere", "owner"])
def test_nobody_gets_a_new_link_who_has_another_way_in(
    browser: Browse, cast: dict[str, Any], reason: str
) -> None:
    luke = cast["luke"]
    luke.password, luke.is_superuser = "!", reason == "owner"
    if reason == "password":
        luke.set_password("long enough to hold")
    if reason == "elsewhere":
        set_role(luke, ensure_workspace("Other", "http://other.test", TOKEN), Role.VIEWER)
    luke.save()
    address = f"{TEAM}{luke.pk}/link/"
    assert f'action="{address}"' not in browser("ada").get(TEAM).content.decode()
    answer = browser("ada").post(address)
    assert answer.status_code == 422
    assert "link" not in answer.context
    assert not AuditEntry.objects.exists()


def test_a_seat_in_a_second_workspace_signs_nobody_out(
    browser: Browse, cast: dict[str, Any]
) -> None:
    olga = browser("olga")
    set_role(cast["olga"], ensure_workspace("Other", "http://other.test", TOKEN), Role.VIEWER)
    assert olga.get(TEAM).status_code == 200


def test_changes_are_told_in_words(
    browser: Browse, fake_api: FakeApi, cast: dict[str, Any]
) -> None:
    fake_api.data("GET", "/v2/users/me", {"id": "u1", "username": "jane35"})
    ada = browser("ada")
    ada.post(f"{TEAM}add/", {"name": "nadia", "role": "VIEWER"})
    ada.post(f"{TEAM}{User.objects.get(username='nadia').pk}/remove/")
    ada.post("/settings/workspace/", {"api_url": "http://else.test", "token": "new-token"})
    ada.post(f"{TEAM}{cast['vera'].pk}/role/", {"role": "LAUNCHER"})
    told = " ".join(ada.get(TEAM).content.decode().split())
    assert "<b>ada</b> added nadia as viewer" in told
    assert "removed nadia, who was viewer" in told
    assert (
        'connected <a href="/settings/workspace/">http://else.test</a> with another token' in told
    )
    assert "changed vera from viewer to launcher" in told


def test_a_seat_is_taken_away(browser: Browse, cast: dict[str, Any]) -> None:
    address = f"{TEAM}{cast['olga'].pk}/remove/"
    assert browser("ada").post(address).status_code == 303
    assert role_of("olga") is None
    assert browser("ada").post(address).status_code == 404


def test_nobody_changes_their_own_seat(browser: Browse, cast: dict[str, Any]) -> None:
    ada = browser("ada")
    own = f"{TEAM}{cast['ada'].pk}"
    assert ada.post(f"{own}/role/", {"role": "VIEWER"}).status_code == 404
    assert ada.post(f"{own}/remove/").status_code == 404
    assert ada.post(f"{TEAM}add/", {"name": "ada", "role": "VIEWER"}).status_code == 422
    assert role_of("ada") == Role.ADMIN


@pytest.mark.parametrize("action", ["add/", "{}/role/", "{}/link/", "{}/remove/"])
def test_get_changes_nothing_and_others_may_not(
    browser: Browse, cast: dict[str, Any], action: str
) -> None:
    address = TEAM + action.format(cast["luke"].pk)
    assert browser("ada").get(address).status_code == 405
    assert browser("olga").post(address, {"name": "x", "role": "ADMIN"}).status_code == 403
    assert role_of("luke") == Role.LAUNCHER


def test_people_of_other_workspaces_are_out_of_reach(browser: Browse) -> None:
    other = ensure_workspace("Other", "http://other.test", TOKEN)
    stranger = User.objects.create(username="stranger", password="!")
    set_role(stranger, other, Role.VIEWER)
    assert browser("ada").post(f"{TEAM}{stranger.pk}/remove/").status_code == 404
    assert browser("ada").post(f"{TEAM}{stranger.pk}/link/").status_code == 404
    assert "stranger" not in browser("ada").get(TEAM).content.decode()
