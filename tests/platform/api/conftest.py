import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from tests.platform.conftest import Account, Platform

Make = Callable[..., Any]
RunToken = Callable[[str], Account]
FILES = [{"name": "main.py", "format": "TEXT", "content": "print('hello')"}]


def version(number: str = "0.1", **fields: Any) -> dict[str, Any]:
    made = {"versionNumber": number, "sourceType": "SOURCE_FILES", "sourceFiles": FILES}
    return made | fields


@pytest.fixture
def make_actor(ada: Account) -> Make:
    """An Actor of ada, or of `owner`, with version 0.1."""

    def make(owner: Account = ada, **fields: Any) -> Any:
        body = {"name": f"actor-{secrets.token_hex(4)}", "versions": [version()]} | fields
        return owner.data("POST", "acts", json=body)

    return make


@pytest.fixture
def make_build(platform: Platform, ada: Account) -> Make:
    """A build of the Actor that succeeded and carries the tag `latest`."""

    def make(actor: Any, owner: Account = ada, *, schema: Any = None, tag: str = "latest") -> Any:
        build = owner.data("POST", f"acts/{actor['id']}/builds?version=0.1&tag={tag}")
        platform.sql(
            "UPDATE build SET status='SUCCEEDED', finished_at=started_at, input_schema=?"
            " WHERE id=?",
            json.dumps(schema) if schema else None,
            build["id"],
        )
        tagged = {tag: {"buildId": build["id"]}}
        owner.data("PUT", f"acts/{actor['id']}", json={"taggedBuilds": tagged})
        return owner.data("GET", f"actor-builds/{build['id']}")

    return make


@pytest.fixture
def actor(make_actor: Make, make_build: Make) -> Any:
    """An Actor of ada with a build that can be run."""
    made = make_actor()
    make_build(made)
    return made


@pytest.fixture
def make_run(ada: Account, platform: Platform) -> Make:
    def make(actor: Any, status: str = "READY", owner: Account = ada, **options: Any) -> Any:
        run = owner.data("POST", f"acts/{actor['id']}/runs", **options)
        set_status(platform, run["id"], status)
        return owner.data("GET", f"actor-runs/{run['id']}")

    return make


@pytest.fixture
def make_task(ada: Account, actor: Any) -> Make:
    def make(owner: Account = ada, **fields: Any) -> Any:
        body = {"actId": actor["id"], "name": f"task-{secrets.token_hex(4)}"} | fields
        return owner.data("POST", "actor-tasks", json=body)

    return make


def set_status(platform: Platform, run_id: str, status: str) -> None:
    ended = status in {"SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT"}
    finished = ", finished_at=started_at" if ended else ""
    platform.sql(f"UPDATE run SET status=?{finished} WHERE id=?", status, run_id)  # noqa: S608 - our own words


@pytest.fixture
def run_token(platform: Platform) -> RunToken:
    """The account as the run with this id sees it."""

    def make(run_id: str) -> Account:
        code = (
            "from apps.platform.storage.accounts import add_token\n"
            f"run = Run.objects.get(id='{run_id}')\n"
            "print(add_token(User.objects.get(id=run.user_id), run_id=run.id))"
        )
        account = Account(platform.url, "", platform.shell(code))
        platform.accounts.append(account)
        return account

    return make
