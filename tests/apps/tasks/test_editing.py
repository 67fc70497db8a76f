"""A saved task: two fields changed, Start; Save; two people at once."""

from typing import Any

import pytest

from tests.apps.tasks.told import API, INPUT, OPTIONS, PAGE, RUNS, form_of, html, saved, tell
from tests.conftest import Browse
from tests.console.forms.browser import submitted
from tests.fakes import RUN_ID, FakeApi

EDIT, SAVE = f"{PAGE}edit/", f"{PAGE}save/"


def test_start_sends_what_was_changed_and_saves_nothing(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser, name="luke") | {"in-name": "Ben", "in-most": "5", "action": "start"}
    answer = browser("luke").post(EDIT, data)
    assert (answer.status_code, answer["Location"]) == (303, f"/runs/{RUN_ID}/")
    [call] = fake_api.made("POST", RUNS)
    assert call.json() == {"name": "Ben", "most": 5}
    assert call.query == {"build": "latest", "timeout": "60", "memory": "512"}
    assert not fake_api.made("PUT", API)


def test_f19_the_same_form_twice_is_one_run(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"action": "start"}
    places = [browser("olga").post(EDIT, data)["Location"] for _ in range(3)]
    assert places == [f"/runs/{RUN_ID}/"] * 3
    [call] = fake_api.made("POST", RUNS)
    assert call.body == b""


def test_a_run_cannot_leave_out_what_the_task_fills_in(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, input={"name": "Ada", "most": 4, "extra": 1})
    data = form_of(browser) | {"view": "json", "json": '{"name": "Ada"}', "action": "start"}
    answer = browser("olga").post(EDIT, data)
    assert answer.status_code == 422
    assert "cannot go without them: Most, extra" in answer.content.decode()
    assert not fake_api.made("POST", RUNS)


def test_save_sends_only_what_was_changed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-name": "Ben", "memory": "1024", "action": "save"}
    assert browser("olga").post(SAVE, data)["Location"] == PAGE
    [call] = fake_api.made("PUT", API)
    assert call.json() == {
        "input": {**INPUT, "name": "Ben"},
        "options": {**OPTIONS, "memoryMbytes": 1024},
    }
    browser("olga").post(SAVE, form_of(browser) | {"action": "save"})
    assert len(fake_api.made("PUT", API)) == 1


def test_save_and_start_does_both(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-name": "Ben", "action": "save_start"}
    assert browser("olga").post(SAVE, data)["Location"] == f"/runs/{RUN_ID}/"
    assert fake_api.made("PUT", API)[0].json()["input"]["name"] == "Ben"
    assert len(fake_api.made("POST", RUNS)) == 1


def test_the_second_saver_sees_both_versions(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-name": "Mine", "in-key": "canary-new", "action": "save"}
    fake_api.forget("GET", API)
    fake_api.data("GET", API, saved(input={**INPUT, "most": 7, "key": "canary-other"}))
    answer = browser("olga").post(SAVE, data)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert not fake_api.made("PUT", API)
    table = shown.split("<table")[1].split("</table>")[0]
    for each in ("Mine", "Ada", "7", "Most", "Key"):
        assert each in table
    assert "canary" not in shown
    again = submitted(shown.split('<form class="row"')[1].split("</form>")[0]).dict()
    assert browser("olga").post(SAVE, again).status_code == 303
    kept = fake_api.made("PUT", API)[0].json()["input"]
    assert (kept["name"], kept["key"], kept["extra"]) == ("Mine", "canary-new", [1.0, None])


def test_secrets_stay_out_of_the_page(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert "canary" not in html(browser, f"{PAGE}?dialog=copy")
    data = form_of(browser) | {"in-name": "Ben", "action": "json"}
    assert "canary" not in browser("olga").post(EDIT, data).content.decode()


@pytest.mark.parametrize("place", [EDIT, SAVE])
def test_what_is_wrong_is_told_and_kept(browser: Browse, fake_api: FakeApi, place: str) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-name": "Typed", "in-most": "99", "action": "save"}
    answer = browser("olga").post(place, data)
    assert answer.status_code == 422
    assert "Use 9 or less." in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


@pytest.mark.parametrize(("method", "path", "place"), [("POST", RUNS, EDIT), ("PUT", API, SAVE)])
def test_what_the_api_refuses_is_told_and_kept(
    browser: Browse, fake_api: FakeApi, method: str, path: str, place: str
) -> None:
    tell(fake_api)
    fake_api.forget(method, path)
    fake_api.error(method, path, 402, "too-much", "Too much of it")
    data = form_of(browser) | {"in-name": "Typed", "action": "save"}
    answer = browser("olga").post(place, data)
    assert answer.status_code == 422
    assert "Too much of it" in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


def test_edits_refuse_get_and_who_may_not(browser: Browse, fake_api: FakeApi) -> None:
    assert browser("olga").get(EDIT).status_code == 405
    assert browser("olga").get(SAVE).status_code == 405
    assert browser("vera").post(EDIT, {}).status_code == 403
    assert browser("luke").post(SAVE, {}).status_code == 403
    assert not fake_api.calls


@pytest.mark.parametrize("place", [EDIT, SAVE])
def test_a_task_that_is_gone_is_404(browser: Browse, fake_api: FakeApi, place: str) -> None:
    fake_api.error("GET", API, 404, "record-not-found", "Task was not found")
    assert browser("olga").post(place, {}).status_code == 404


def buttons(browser: Browse, name: str) -> Any:
    shown = html(browser, PAGE, name)
    return ["Save &amp; start" in shown, "data-submit" in shown]


def test_a_role_sees_what_it_may_press(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert buttons(browser, "olga") == [True, True]
    assert buttons(browser, "luke") == [False, True]
    assert buttons(browser, "vera") == [False, False]
    assert 'name="action"' not in html(browser, PAGE, "vera")
