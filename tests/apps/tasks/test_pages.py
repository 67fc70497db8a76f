"""The list, the tabs, new tasks, and what is done with many at once."""

import pytest

from tests.apps.schedules.made import TASK_ID
from tests.apps.tasks.told import API, PAGE, RUNS, form_of, html, saved, tell, tell_actor
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, page, run_json

CREATE = f"/tasks/create/?actor={ACTOR_ID}"
TASKS = "/v2/actor-tasks"


def tell_three(fake_api: FakeApi) -> None:
    tasks = [
        saved(id="one", name="first", actName="crawler"),
        saved(id="two", name="second", title="<b>T</b>", actId="otherActor", actName="other"),
        saved(id="three", name="third", actName="crawler"),
    ]
    fake_api.data("GET", TASKS, page(tasks))
    runs = [run_json(actorTaskId="one", status="FAILED"), run_json(actorTaskId="one")]
    fake_api.data("GET", "/v2/actor-runs", page(runs))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["one", "two", "three"]),
        ("?q=FIR", ["one"]),
        ("?actor=otherActor", ["two"]),
        ("?status=FAILED", ["one"]),
        ("?status=SUCCEEDED", []),
        ("?status=none", ["two", "three"]),
        (f"?actor={ACTOR_ID}&q=third", ["three"]),
    ],
)
def test_the_list_is_filtered(
    browser: Browse, fake_api: FakeApi, query: str, names: list[str]
) -> None:
    tell_three(fake_api)
    shown = html(browser, f"/tasks/{query}", "vera")
    assert [name for name in ("one", "two", "three") if f"/tasks/{name}/" in shown] == names
    assert "<b>T</b>" not in shown
    assert len(fake_api.calls) == 2


def test_no_tasks_yet_says_what_to_do(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", TASKS, page([]))
    fake_api.data("GET", "/v2/actor-runs", page([]))
    assert "press Save as a new task" in html(browser, "/tasks/")


@pytest.mark.parametrize("tab", ["", "runs/", "integrations/", "monitoring/", "settings/"])
def test_every_tab_has_the_tabs(browser: Browse, fake_api: FakeApi, tab: str) -> None:
    tell(fake_api, title="<b>T</b>")
    shown = html(browser, PAGE + tab, "vera")
    for label in ("Input", "Runs", "Integrations", "Monitoring", "Settings"):
        assert f">{label}" in shown
    assert "<b>T</b>" not in shown


@pytest.mark.parametrize("tab", ["", "runs/", "integrations/", "monitoring/", "settings/"])
def test_a_task_that_is_not_there_is_404(browser: Browse, fake_api: FakeApi, tab: str) -> None:
    fake_api.data("GET", "/v2/datasets", page([]))
    for path in (API, RUNS):
        fake_api.error("GET", path, 404, "record-not-found", "Task was not found")
    assert browser("vera").get(PAGE + tab).status_code == 404


def test_the_task_can_be_taken_along_as_text(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{PAGE}?dialog=copy")
    for each in (f"actor-tasks/{TASK_ID}/runs", "ApifyClient(", "new ApifyClient(", "•••• 1"):
        assert each in shown


def test_a_new_task_takes_what_stands_in_the_actors_form(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell_actor(fake_api)
    fake_api.data("POST", TASKS, saved(), status=201)
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([]))
    typed = form_of(browser, f"/actors/{ACTOR_ID}/") | {"in-name": "Typed", "memory": "1024"}
    shown = browser("olga").post(CREATE, {**typed, "action": "more"})
    assert shown.status_code == 200
    assert 'value="Typed"' in shown.content.decode()
    assert 'value="my-site-crawler"' in shown.content.decode()
    data = form_of(browser, CREATE) | {"in-name": "Ben", "name": "mine", "memory": "1024"}
    assert browser("olga").post(CREATE, {**data, "action": "save"})["Location"] == PAGE
    assert fake_api.made("POST", TASKS)[0].json() == {
        "actId": ACTOR_ID,
        "name": "mine",
        "input": {"name": "Ben", "most": 3},
        "options": {"memoryMbytes": 1024},
    }


def test_a_new_task_takes_the_input_of_a_run(browser: Browse, fake_api: FakeApi) -> None:
    tell_actor(fake_api)
    run = f"/v2/actor-runs/{RUN_ID}"
    fake_api.data("GET", run, run_json())
    fake_api.raw("GET", f"{run}/key-value-store/records/INPUT", b'{"name": "Earlier"}')
    data = form_of(browser, f"{CREATE}&run={RUN_ID}")
    assert (data["in-name"], data["memory"], data["timeout"]) == ("Earlier", "1024", "300")


@pytest.mark.parametrize(("name", "said"), [("", "Write a name"), ("a b", "Use letters, digits")])
def test_a_bad_name_is_told_and_the_rest_kept(
    browser: Browse, fake_api: FakeApi, name: str, said: str
) -> None:
    tell_actor(fake_api)
    data = form_of(browser, CREATE) | {"in-name": "Typed", "name": name, "action": "save"}
    answer = browser("olga").post(CREATE, data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


def test_a_name_that_is_taken_is_told(browser: Browse, fake_api: FakeApi) -> None:
    tell_actor(fake_api)
    fake_api.error("POST", TASKS, 409, "actor-task-name-not-unique", "You have one of that name")
    data = form_of(browser, CREATE) | {"in-name": "Typed", "name": "mine", "action": "save"}
    answer = browser("olga").post(CREATE, data)
    assert answer.status_code == 422
    assert "You have one of that name" in answer.content.decode()


def test_create_without_an_actor_leads_to_the_actors(browser: Browse, fake_api: FakeApi) -> None:
    assert browser("olga").get("/tasks/create/")["Location"] == "/actors/"
    assert browser("luke").get(CREATE).status_code == 403


def test_settings_send_only_what_was_changed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, title="Old", description="Same")
    text = html(browser, f"{PAGE}settings/")
    since = text.split('name="edited_from" value="')[1].split('"')[0]
    data = {"name": "daily", "title": "New", "description": "Same", "edited_from": since}
    assert browser("olga").post(f"{PAGE}settings/save/", data).status_code == 303
    assert fake_api.made("PUT", API)[0].json() == {"title": "New"}
    answer = browser("olga").post(f"{PAGE}settings/save/", {**data, "name": "a b"})
    assert answer.status_code == 422
    fake_api.forget("GET", API)
    fake_api.data("GET", API, saved(title="Theirs", description="Same"))
    answer = browser("olga").post(f"{PAGE}settings/save/", data)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()


def test_many_are_started_each_once(browser: Browse, fake_api: FakeApi) -> None:
    for each in ("one", "two"):
        fake_api.data("GET", f"{TASKS}/{each}", saved(id=each, name=each))
        fake_api.data("POST", f"{TASKS}/{each}/runs", run_json(id=f"run-{each}"), status=201)
    fake_api.error("GET", f"{TASKS}/gone", 404, "record-not-found", "Task was not found")
    data = {"task": ["one", "two", "gone", "one"], "intent": "k"}
    for _ in range(2):
        assert browser("luke").post("/tasks/start/", data)["Location"] == "/tasks/"
    assert len(fake_api.made("POST", f"{TASKS}/one/runs")) == 1
    assert len(fake_api.made("POST", f"{TASKS}/two/runs")) == 1


def test_one_row_is_started_by_its_button(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    answer = browser("luke").post(f"/tasks/start/?only={TASK_ID}", {"task": "other", "intent": "k"})
    assert answer["Location"] == f"/runs/{RUN_ID}/"


def test_tasks_are_deleted(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert browser("olga").post(f"{PAGE}delete/")["Location"] == "/tasks/"
    fake_api.error("DELETE", f"{TASKS}/gone", 404, "record-not-found", "Task was not found")
    answer = browser("olga").post("/tasks/delete/", {"task": [TASK_ID, "gone"]})
    assert answer["Location"] == "/tasks/"
    assert len(fake_api.made("DELETE", API)) == 2


ACTIONS = {
    f"{PAGE}delete/": "luke",
    "/tasks/delete/": "luke",
    "/tasks/start/": "vera",
    f"{PAGE}settings/save/": "luke",
}


@pytest.mark.parametrize("place", ACTIONS)
def test_actions_refuse_get_and_who_may_not(browser: Browse, fake_api: FakeApi, place: str) -> None:
    assert browser("ada").get(place).status_code == 405
    assert browser(ACTIONS[place]).post(place).status_code == 403
    assert not fake_api.calls


def test_what_is_gone_cannot_be_deleted_or_renamed(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("DELETE", API, 404, "record-not-found", "Task was not found")
    fake_api.error("GET", API, 404, "record-not-found", "Task was not found")
    assert browser("olga").post(f"{PAGE}delete/").status_code == 404
    assert browser("olga").post(f"{PAGE}settings/save/", {"name": "x"}).status_code == 404
    assert browser("olga").post("/tasks/start/", {"task": TASK_ID})["Location"] == "/tasks/"


def test_its_runs_are_filtered_by_status(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{PAGE}runs/?status=FAILED", "vera")
    assert fake_api.made("GET", RUNS)[0].query["status"] == "FAILED"
    assert "<option selected>FAILED</option>" in shown
