import json
from typing import Any

import pytest

from tests.apps.schedules.made import SCHEDULE_ID, TASK_ID, schedule_json
from tests.apps.schedules.test_pages import API, PAGE, form_of, html, tell
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, actor_json, run_json

SAVE = f"{PAGE}save/"
RUNS = f"/v2/acts/{ACTOR_ID}/runs"
TASK_RUNS = f"/v2/actor-tasks/{TASK_ID}/runs"
ACTIONS = ("save", "enable", "disable", "run", "delete")


def sent(fake_api: FakeApi, method: str = "PUT", path: str = API) -> Any:
    [call] = fake_api.made(method, path)
    return call.json()


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_refuse_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, action: str
) -> None:
    assert browser("ada").get(f"{PAGE}{action}/").status_code == 405
    who = "vera" if action == "run" else "luke"
    assert browser(who).post(f"{PAGE}{action}/").status_code == 403
    assert not fake_api.calls


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_on_what_is_gone(browser: Browse, fake_api: FakeApi, action: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        fake_api.error(method, API, 404, "record-not-found", "Schedule was not found")
    answer = browser("olga").post(f"{PAGE}{action}/", {})
    assert answer.status_code == 404
    assert "Schedule was not found" in answer.content.decode()


def test_rule_253_a_save_sends_only_what_was_changed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.data("PUT", API, schedule_json())
    form = form_of(browser) | {"mode": "daily", "time": "04:45"}
    answer = browser("olga").post(SAVE, form)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert sent(fake_api) == {"cronExpression": "45 4 * * *"}


def test_an_untouched_form_changes_nothing(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, cronExpression="30 2 * * 5,1")
    fake_api.data("PUT", API, schedule_json())
    browser("olga").post(SAVE, form_of(browser))
    assert sent(fake_api) == {}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"mode": "cron", "cron": "61 * * * *"}, "Minutes go from 0 to 59."),
        ({"mode": "cron", "cron": ""}, "This is needed."),
        ({"timezone": "Nowhere/City"}, "There is no time zone Nowhere/City."),
        ({"mode": "weekly", "days": []}, "Choose a day."),
        ({"mode": "daily", "time": "25:00"}, "Enter a valid value."),
        ({"mode": "yearly", "day": "31", "month": "2"}, "the months chosen must have the day"),
        ({"name": "x"}, "at least 3 characters"),
        ({"mode": "sometimes"}, ""),
    ],
)
def test_what_cannot_work_is_told_and_kept(
    browser: Browse, fake_api: FakeApi, typed: dict[str, Any], says: str
) -> None:
    tell(fake_api)
    form = form_of(browser) | {"description": "Typed"} | typed
    answer = browser("olga").post(SAVE, form)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown
    assert 'value="Typed"' in shown
    assert form["edited_from"] in shown
    assert not fake_api.made("PUT", API)


@pytest.mark.parametrize(
    ("message", "field"),
    [("Invalid cron expression", "days"), ("Unknown timezone", "timezone"), ("No.", "")],
)
def test_what_the_api_refuses_stands_beside_its_field(
    browser: Browse, fake_api: FakeApi, message: str, field: str
) -> None:
    tell(fake_api)
    fake_api.error("PUT", API, 400, "invalid-value", message)
    answer = browser("olga").post(SAVE, form_of(browser) | {"description": "Typed"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert message in (shown.split(f'id="id_{field}-e"')[1][:200] if field else shown)
    assert 'value="Typed"' in shown


def test_f22_the_second_saver_sees_both_versions(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, schedule_json())
    tell(fake_api, cronExpression="0 5 * * *", description="Theirs")
    fake_api.data("PUT", API, schedule_json())
    form = form_of(browser) | {"mode": "cron", "cron": "0 4 * * *"}
    answer = browser("olga").post(SAVE, form)
    shown = answer.content.decode()
    assert answer.status_code == 409
    for words in ("0 4 * * *", "0 5 * * *", "Theirs", "both of you", "Save mine anyway"):
        assert words in shown
    assert f'href="{PAGE}"' in shown
    assert not fake_api.made("PUT", API)
    kept = submitted_of(shown)
    assert kept["cron"] == "0 4 * * *"
    assert browser("olga").post(SAVE, kept).status_code == 303
    assert sent(fake_api) == {"description": "", "cronExpression": "0 4 * * *"}


def submitted_of(shown: str) -> dict[str, Any]:
    from tests.console.forms.browser import submitted

    text = shown.split('<form class="row" method="post"')[1].split("</form>", maxsplit=1)[0]
    return submitted(f"<form {text}").dict()


@pytest.mark.parametrize(("action", "is_enabled"), [("enable", True), ("disable", False)])
def test_f22_switching_sends_nothing_else(
    browser: Browse, fake_api: FakeApi, action: str, is_enabled: bool
) -> None:
    fake_api.data("PUT", API, schedule_json())
    answer = browser("olga").post(f"{PAGE}{action}/", {"from": "list"})
    assert answer["Location"] == "/schedules/"
    assert sent(fake_api) == {"isEnabled": is_enabled}
    assert browser("olga").post(f"{PAGE}{action}/")["Location"] == PAGE


def test_delete(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.raw("DELETE", API, b"", status=204)
    answer = browser("olga").post(f"{PAGE}delete/")
    assert (answer.status_code, answer["Location"]) == (303, "/schedules/")


def test_create_makes_a_disabled_one(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("POST", "/v2/schedules", schedule_json(), status=201)
    form = form_of(browser, "/schedules/create/") | {"name": "nightly", "mode": "daily"}
    answer = browser("olga").post(f"/schedules/create/?task={TASK_ID}", form)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    made = sent(fake_api, "POST", "/v2/schedules")
    assert made == {
        "name": "nightly",
        "description": "",
        "cronExpression": "0 9 * * *",
        "timezone": "UTC",
        "isExclusive": True,
        "isEnabled": False,
        "actions": [{"type": "RUN_ACTOR_TASK", "actorTaskId": TASK_ID}],
    }


def test_an_actors_page_leads_to_a_schedule_of_it(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json())
    place = f"/schedules/create/?actor={ACTOR_ID}"
    assert f'href="{place}"' in html(browser, f"/actors/{ACTOR_ID}/settings/")
    assert f'href="{place}"' not in html(browser, f"/actors/{ACTOR_ID}/settings/", "luke")
    assert "It starts the Actor that you came from" in html(browser, place)


def test_create_keeps_what_was_typed(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("POST", "/v2/schedules", 400, "name-taken", "This name is taken")
    form = form_of(browser, "/schedules/create/") | {"name": "nightly"}
    answer = browser("olga").post("/schedules/create/", form)
    assert answer.status_code == 422
    assert "This name is taken" in answer.content.decode().split('id="id_name-e"')[1][:200]
    assert browser("olga").post("/schedules/create/", {"name": "x"}).status_code == 422
    assert browser("luke").get("/schedules/create/").status_code == 403


def test_run_now_starts_every_target_once(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.data("POST", RUNS, run_json(status="READY"), status=201)
    fake_api.data("POST", TASK_RUNS, run_json(id=f"{RUN_ID[:-1]}2", status="READY"), status=201)
    for _ in range(2):
        answer = browser("luke").post(f"{PAGE}run/", {"intent": "once"})
        assert answer["Location"] == PAGE
    [actor], [task] = fake_api.made("POST", RUNS), fake_api.made("POST", TASK_RUNS)
    assert json.loads(actor.body) == {"foo": "actor"}
    assert actor.query == {"build": "latest", "timeout": "60", "memory": "1024"}
    assert (task.body, task.query) == (b"", {})


def test_run_now_goes_on_after_one_that_cannot(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.error("POST", RUNS, 402, "actor-memory-limit-exceeded", "Too much memory")
    fake_api.data("POST", TASK_RUNS, run_json(status="READY"), status=201)
    client = browser("luke")
    client.post(f"{PAGE}run/", {"intent": "once"})
    shown = client.get(PAGE).content.decode()
    assert (
        f"{actor_json()['title'] or actor_json()['name']} was not started: Too much memory" in shown
    )
    assert "Started 1 of 2 now." in shown


def test_run_now_of_one_target_leads_to_its_run(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, schedule_json(actions=[{"type": "RUN_ACTOR", "actorId": ACTOR_ID}]))
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json())
    fake_api.data("POST", RUNS, run_json(status="READY"), status=201)
    assert browser("luke").post(f"{PAGE}run/")["Location"] == f"/runs/{RUN_ID}/"


def test_run_now_without_targets_says_so(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, actions=[])
    client = browser("luke")
    assert client.post(f"{PAGE}run/")["Location"] == f"/schedules/{SCHEDULE_ID}/"
    assert "has no targets" in html(lambda _: client, PAGE)
