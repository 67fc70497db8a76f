from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.operations.models import Intent
from console.outcomes import ASKED, DONE, FAILED, SENT, UNKNOWN
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, page, run_json

RUNS = f"/v2/acts/{ACTOR_ID}/runs"


@pytest.fixture
def intent(cast: dict[str, Any], workspace: Any) -> Intent:
    return Intent.objects.create(
        user=cast["vera"],
        workspace=workspace,
        key="k",
        kind="run.start",
        state=DONE,
        subject="<b>Crawler</b>",
        target_id=ACTOR_ID,
        mark="intent/x",
        sent_at=timezone.now(),
        object_kind="run",
        object_id=RUN_ID,
        status="SUCCEEDED",
        is_seen=False,
    )


def put(intent: Intent, **changes: Any) -> None:
    Intent.objects.filter(pk=intent.pk).update(**changes)


def test_the_list_shows_what_became_of_it(browser: Browse, intent: Intent) -> None:
    answer = browser("vera").get("/operations/")
    assert b"Start &lt;b&gt;Crawler&lt;/b&gt;" in answer.content
    assert f'href="/runs/{RUN_ID}/"'.encode() in answer.content
    assert b'data-status="SUCCEEDED"' in answer.content


def test_the_bell_leaves_the_mark_of_a_status_to_the_page(browser: Browse, intent: Intent) -> None:
    """It stands before the page in the document, mostly unseen: the first status is the page's."""
    text = browser("vera").get("/operations/bell/").content.decode()
    assert '<span class="tag" data-tone="ok">Succeeded</span>' in text
    assert "data-status" not in text


def test_the_list_is_ones_own(browser: Browse, intent: Intent) -> None:
    assert b"No operations yet" in browser("olga").get("/operations/").content


def test_the_list_updates_itself(browser: Browse, intent: Intent) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = browser("vera").get("/operations/", headers=headers)
    assert b"<html" not in answer.content
    assert b"Crawler" in answer.content


def test_a_page_beyond_the_end(browser: Browse, intent: Intent) -> None:
    assert b"Nothing on this page" in browser("vera").get("/operations/?page=9").content


def test_a_known_answer_leads_to_the_run(browser: Browse, intent: Intent) -> None:
    answer = browser("vera").get(f"/operations/{intent.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/runs/{RUN_ID}/")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (SENT, b"is on its way"),
        (UNKNOWN, b"answer lost. Checking"),
        (ASKED, b"It was not carried out"),
        (FAILED, b"Nothing was done."),
    ],
)
def test_what_the_page_says(
    browser: Browse, intent: Intent, fake_api: FakeApi, state: str, said: bytes
) -> None:
    fake_api.data("GET", RUNS, page([]))
    put(intent, state=state, object_id="")
    answer = browser("vera").get(f"/operations/{intent.pk}/")
    assert said in answer.content
    assert (b"every 2s" in answer.content) == (state in (SENT, UNKNOWN))


def test_the_page_looks_for_a_lost_answer(
    browser: Browse, intent: Intent, fake_api: FakeApi
) -> None:
    put(intent, state=UNKNOWN, object_id="")
    fake_api.data("GET", RUNS, page([run_json(meta={"userAgent": "x intent/x"})]))
    answer = browser("vera").get(f"/operations/{intent.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/runs/{RUN_ID}/"


def test_a_foreign_operation_is_not_there(browser: Browse, intent: Intent) -> None:
    assert browser("olga").get(f"/operations/{intent.pk}/").status_code == 404
    assert browser("olga").post(f"/operations/{intent.pk}/dismiss/").status_code == 404


def test_an_operation_of_another_workspace_is_not_there(
    browser: Browse, intent: Intent, cast: dict[str, Any]
) -> None:
    from apps.team.setup import ensure_workspace
    from apps.team.workspaces import set_role
    from console.roles import Role

    other = ensure_workspace("Other", "http://other.test", "t")
    set_role(cast["vera"], other, Role.ADMIN)
    client = browser("vera")
    client.post("/workspaces/", {"workspace": other.pk})
    assert client.get(f"/operations/{intent.pk}/").status_code == 404


def test_the_bell_counts_what_is_new(browser: Browse, intent: Intent) -> None:
    answer = browser("vera").get("/operations/bell/")
    assert b'data-unseen="1"' in answer.content
    assert b"Crawler" in answer.content


def test_marking_as_seen(browser: Browse, intent: Intent) -> None:
    answer = browser("vera").post("/operations/seen/")
    assert answer["Location"] == "/operations/"
    intent.refresh_from_db()
    assert intent.is_seen


def test_marking_as_seen_in_the_bell(browser: Browse, intent: Intent) -> None:
    answer = browser("vera").post("/operations/seen/", headers={"HX-Request": "true"})
    assert b'data-unseen="0"' in answer.content


def test_marking_touches_only_ones_own(browser: Browse, intent: Intent) -> None:
    browser("olga").post("/operations/seen/")
    intent.refresh_from_db()
    assert not intent.is_seen


@pytest.mark.parametrize("path", ["/operations/seen/", "/operations/1/dismiss/"])
def test_actions_refuse_get(browser: Browse, path: str) -> None:
    assert browser("ada").get(path).status_code == 405


def test_dismissing_a_question(browser: Browse, intent: Intent) -> None:
    put(intent, state=ASKED, object_id="", sent_at=timezone.now() - timedelta(minutes=5))
    browser("vera").post(f"/operations/{intent.pk}/dismiss/")
    intent.refresh_from_db()
    assert (intent.state, intent.is_over) == (FAILED, True)


def test_dismissing_what_asks_nothing_changes_nothing(browser: Browse, intent: Intent) -> None:
    browser("vera").post(f"/operations/{intent.pk}/dismiss/")
    intent.refresh_from_db()
    assert intent.state == DONE


def test_dismissing_a_missing_one(browser: Browse) -> None:
    assert browser("vera").post("/operations/99/dismiss/").status_code == 404


def test_every_page_says_how_many_are_new(browser: Browse, intent: Intent) -> None:
    shown = browser("vera").get("/operations/").content.decode()
    assert shown.count('aria-label="Operations, 1 new"') == 2
    put(intent, is_seen=True)
    assert "1 new" not in browser("vera").get("/operations/").content.decode()
