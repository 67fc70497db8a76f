"""Accounts (endpoints 108, 109, 111)."""

import json
from typing import Any

from apify_client._models import UserPrivateInfo

from tests.platform.api.conftest import Make, RunToken
from tests.platform.conftest import Account, Platform

PLAN_FIELDS = 25
PROFILE = ("bio", "name", "pictureUrl", "githubUsername", "websiteUrl", "twitterUsername")


def test_rules_267_269_private_data(ada: Account) -> None:
    me = ada.data("GET", "users/me")
    assert me["proxy"] == {"password": me["proxy"]["password"], "groups": []}
    assert len(me["plan"]) == PLAN_FIELDS
    assert me["profile"] == {}  # what nobody has said is left out
    assert me["isPaying"] is True
    info = UserPrivateInfo.model_validate(me)
    assert info.plan is not None
    assert info.plan.available_proxy_groups == {}
    assert info.effective_platform_features is not None
    assert info.effective_platform_features.actors.is_enabled


def test_rules_27_266_public_data_needs_no_token(platform: Platform, ada: Account) -> None:
    me = ada.data("GET", "users/me")
    for ref in ("ada", me["id"]):
        user = platform.anonymous.get(f"users/{ref}").json()["data"]
        assert user["username"] == "ada"
        assert not {"email", "plan", "proxy"} & set(user)
    told = dict.fromkeys(PROFILE, "mine")
    ben = platform.account()
    said = json.dumps(told | {"phone": "1"})
    platform.sql('UPDATE "user" SET profile=? WHERE username=?', said, ben.username)
    assert platform.anonymous.get(f"users/{ben.username}").json()["data"]["profile"] == told
    assert platform.anonymous.get("users/nobody").status_code == 404
    assert platform.anonymous.get("users/me").status_code == 401


def test_rule_268_a_run_sees_no_plan_email_or_profile(
    actor: Any, make_run: Make, run_token: RunToken
) -> None:
    inside = run_token(make_run(actor)["id"])
    me = inside.data("GET", "users/me")
    assert me["username"] == "ada"
    assert not {"plan", "email", "profile"} & set(me)
