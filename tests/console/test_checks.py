from typing import Any

from django.db import connections

from console.checks import check_settings


def test_sqlite_syncs_fully_unless_told(db: None) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)  # FULL


def test_another_word_for_syncing_is_refused(settings: Any) -> None:
    settings.SQLITE_SYNCHRONOUS = "off"
    assert "callboard.E007" in {each.id for each in check_settings()}
    settings.SQLITE_SYNCHRONOUS = "normal"
    assert "callboard.E007" not in {each.id for each in check_settings()}
