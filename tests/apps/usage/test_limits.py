"""Limits, and the two that can be changed (endpoints 111 and 112)."""

from typing import Any

import pytest

from tests.apps.usage.made import LIMITS, tell_limits
from tests.conftest import Browse
from tests.fakes import FakeApi

AS_IT_IS = {"usd": "300", "days": "30"}


def saved(fake_api: FakeApi) -> list[Any]:
    return [call.json() for call in fake_api.made("PUT", LIMITS)]


def test_it_shows_what_is_used_of_what(browser: Browse, fake_api: FakeApi) -> None:
    tell_limits(fake_api)
    text = browser("vera").get("/limits/").content.decode()
    assert "$43.50" in text
    assert "<small>of $300.00</small>" in text
    assert 'aria-label="Actors">31 of 100</meter>' in text
    assert "kept for 30 days" in text
    assert 'name="usd"' not in text


def test_a_change_is_asked_about_first(browser: Browse, fake_api: FakeApi) -> None:
    tell_limits(fake_api)
    text = browser("ada").post("/limits/", {**AS_IT_IS, "usd": "500.5"}).content.decode()
    assert "Save these limits?" in text
    assert "$300.00 to $500.50" in text
    assert not saved(fake_api)


def test_a_confirmed_change_is_saved_and_told(browser: Browse, fake_api: FakeApi) -> None:
    tell_limits(fake_api)
    fake_api.data("PUT", LIMITS, {}, status=201)
    ada = browser("ada")
    answer = ada.post("/limits/", {"usd": "500", "days": "7", "confirmed": "on"})
    assert (answer.status_code, answer["Location"]) == (303, "/limits/")
    assert saved(fake_api) == [{"maxMonthlyUsageUsd": 500, "dataRetentionDays": 7}]
    text = ada.get("/limits/").content.decode()
    assert "<b>ada</b>" in text
    assert "changed monthly usage limit from $300.00 to $500.00" in text
    assert "30 to 7 days" in text


def test_the_audit_is_of_this_workspace_alone(browser: Browse, fake_api: FakeApi) -> None:
    from apps.team.models import AuditEntry
    from apps.team.setup import ensure_workspace

    other = ensure_workspace("Other", "http://other.test", "t")
    ada = browser("ada")
    AuditEntry.objects.create(
        workspace_id=other.pk, username="zed", action="limits.edit", before={}, after={}
    )
    tell_limits(fake_api)
    assert "zed" not in ada.get("/limits/").content.decode()


def test_saving_nothing_new_calls_nothing(browser: Browse, fake_api: FakeApi) -> None:
    tell_limits(fake_api)
    assert browser("ada").post("/limits/", AS_IT_IS).status_code == 303
    assert not saved(fake_api)


@pytest.mark.parametrize("days", ["0", "-1", "x", "", "99999"])
def test_bad_figures_are_refused_and_kept(browser: Browse, fake_api: FakeApi, days: str) -> None:
    tell_limits(fake_api)
    answer = browser("ada").post("/limits/", {"usd": "123", "days": days, "confirmed": "on"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="e-days"' in text
    assert 'value="123"' in text
    assert not saved(fake_api)


@pytest.mark.parametrize("name", ["vera", "luke", "olga"])
def test_only_admins_change_them(browser: Browse, fake_api: FakeApi, name: str) -> None:
    tell_limits(fake_api)
    answer = browser(name).post("/limits/", {"usd": "1", "days": "1", "confirmed": "on"})
    assert answer.status_code == 403
    assert not saved(fake_api)


def test_a_refusal_of_the_api_is_shown(browser: Browse, fake_api: FakeApi) -> None:
    tell_limits(fake_api)
    fake_api.error("PUT", LIMITS, 400, "invalid-value", "Too high for this plan.")
    answer = browser("ada").post("/limits/", {"usd": "9", "days": "9", "confirmed": "on"})
    assert "Too high for this plan." in answer.content.decode()
