from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from console.ui import editing

BASE = {"name": "nightly", "cron": "0 2 * * *", "note": None, "actions": [{"input": "{}"}]}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the page was given, without the shell around it."""
    given: list[Any] = []

    def render(_: Any, template: str, context: Any, status: int) -> HttpResponse:
        given.append(context)
        return HttpResponse(template, status=status)

    monkeypatch.setattr(editing, "render", render)
    return given


def save(mine: dict[str, Any], theirs: dict[str, Any], version: str = "") -> HttpResponse | None:
    typed = {"edited_from": version or editing.version_of(BASE), "cron": mine["cron"]}
    return editing.conflict(
        RequestFactory().post("/x/", typed),
        name="nightly",
        mine=mine,
        theirs=theirs,
        edit_url="/x/",
        labels={"cron": "Cron expression"},
    )


def test_an_unchanged_version_is_saved(shown: list[Any]) -> None:
    assert save({**BASE, "cron": "0 3 * * *"}, BASE) is None
    assert not shown


def test_a_changed_version_shows_both_and_who_changed_what(shown: list[Any]) -> None:
    mine = {**BASE, "cron": "0 3 * * *", "name": "mine"}
    theirs = {**BASE, "cron": "0 4 * * *", "note": "theirs"}
    answer = save(mine, theirs)
    assert answer is not None
    assert answer.status_code == 409
    assert [tuple(getattr(d, n) for n in d.__slots__) for d in shown[0]["differences"]] == [
        ("name", "mine", "nightly", "you"),
        ("Cron expression", "0 3 * * *", "0 4 * * *", "both"),
        ("note", "", "theirs", "them"),
    ]
    assert shown[0]["kept"] == [("cron", "0 3 * * *")]


def test_saving_anyway_passes_once_and_a_third_version_asks_again(shown: list[Any]) -> None:
    mine, theirs = {**BASE, "cron": "0 3 * * *"}, {**BASE, "cron": "0 4 * * *"}
    assert save(mine, theirs) is not None
    again = shown[0]["edited_from"]
    assert save(mine, theirs, again) is None
    assert save(mine, {**theirs, "name": "third"}, again) is not None


def test_the_same_change_by_both_is_no_conflict(shown: list[Any]) -> None:
    same = {**BASE, "cron": "0 3 * * *"}
    assert save(same, same) is None


def test_a_form_without_a_fingerprint_never_overwrites_unseen(shown: list[Any]) -> None:
    assert save({**BASE, "cron": "0 3 * * *"}, BASE, "forged") is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [(None, ""), ("a\r\nb", "a\nb"), ({"a": 1, "b": 2}, {"b": 2, "a": 1})],
    ids=["empty", "line ends", "order of keys"],
)
def test_ways_to_write_the_same_are_no_change(one: Any, other: Any) -> None:
    assert editing.version_of({"x": one}) == editing.version_of({"x": other})


def test_only_touched_fields_are_to_be_sent() -> None:
    request = RequestFactory().post("/x/", {"edited_from": editing.version_of(BASE)})
    assert editing.touched(request, {**BASE, "name": "mine"}) == {"name"}


def test_a_form_shown_again_keeps_what_it_was_made_from() -> None:
    request = RequestFactory().post("/x/", {"edited_from": "abc"})
    assert editing.edited_from(request, BASE) == "abc"
    assert editing.edited_from(RequestFactory().get("/x/"), BASE) == editing.version_of(BASE)
