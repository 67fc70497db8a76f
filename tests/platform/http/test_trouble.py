"""Trouble of the Platform's own: said plainly, and over as soon as the cause is."""

import sqlite3
from contextlib import closing

import pytest
from django.db import IntegrityError, OperationalError

from apps.platform.asgi import _tidy
from apps.platform.domain.errors import ApiError
from apps.platform.models import Run
from tests.platform.conftest import Platform, start_platform


def test_a_locked_database_is_waited_for(platform: Platform) -> None:
    account = platform.account("patient")
    path = platform.home / "platform.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert account.http.get("acts").status_code == 200
        other.execute("COMMIT")
    assert account.http.post("acts", json={"name": "after"}).status_code == 201


def test_a_database_that_is_gone_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("gone")
    server = start_platform(home)
    platform = next(server)
    if platform.postgres:
        pytest.skip("a table that is gone is no trouble of its server's there")
    account = platform.account("lost")
    platform.sql("ALTER TABLE actor RENAME TO elsewhere")
    response = account.http.get("acts")
    assert response.status_code == 503
    assert response.json()["error"]["type"] == "database-unavailable"
    platform.sql("ALTER TABLE elsewhere RENAME TO actor")
    assert account.http.get("acts").status_code == 200
    server.close()


@pytest.mark.django_db(databases=["default", "platform"])
@pytest.mark.parametrize(
    ("problem", "status", "kind"),
    [
        (OSError(28, "No space left on device"), 507, "disk-full"),
        (OSError(24, "Too many open files"), 503, "overloaded"),
        (OperationalError("database or disk is full"), 507, "disk-full"),
        (OperationalError("database is locked"), 503, "database-unavailable"),
        (OverflowError("too large"), 400, "invalid-value"),
        (Run.DoesNotExist(), 404, "record-not-found"),
        (IntegrityError("UNIQUE constraint failed"), 409, "conflict"),
    ],
)
def test_each_trouble_has_its_words(problem: Exception, status: int, kind: str) -> None:
    with pytest.raises(ApiError) as caught:
        _tidy(problem)
    assert (caught.value.status, caught.value.type) == (status, kind)
