import json
from typing import Any

import pytest

from tests.apps.actors import test_pages as actors
from tests.apps.schedules.made import TASK_ID, schedule_json, task_json
from tests.apps.schedules.test_pages import API, PAGE
from tests.conftest import Browse
from tests.console.forms.browser import submitted
from tests.fakes import ACTOR_ID, FakeApi, actor_json, page

ADD = f"{PAGE}targets/add/"
FIRST = f"{PAGE}targets/ZReCs7hkdieq8ZUki/"
TASK = f"{PAGE}targets/YReCs7hkdieq8ZUki/"
BODY = {"body": '{"name": "Ada", "most": 3}', "contentType": "application/json; charset=utf-8"}


def tell(fake_api: FakeApi, **changes: Any) -> None:
    actors.tell(fake_api)
    fake_api.data("GET", API, schedule_json(**changes))
    fake_api.data("PUT", API, schedule_json())
    fake_api.data("GET", f"/v2/actor-tasks/{TASK_ID}", task_json())


def form_of(browser: Browse, url: str) -> dict[str, Any]:
    answer = browser("olga").get(url)
    assert answer.status_code == 200
    text = answer.content.decode().split('<form class="split"')[1].split("</form>")[0]
    sent = submitted(text)
    return {name: str(value) for name, value in sent.items() if name != "action"}


def saved(fake_api: FakeApi) -> Any:
    [call] = fake_api.made("PUT", API)
    assert list(call.json()) == ["actions"]
    return call.json()["actions"]


@pytest.mark.parametrize("path", [ADD, FIRST, f"{FIRST}remove/"])
def test_targets_are_for_operators(browser: Browse, fake_api: FakeApi, path: str) -> None:
    assert browser("luke").get(path).status_code == 403
    assert browser("luke").post(path).status_code == 403
    assert not fake_api.calls


def test_remove_refuses_get(browser: Browse, fake_api: FakeApi) -> None:
    assert browser("olga").get(f"{FIRST}remove/").status_code == 405
    assert not fake_api.calls


@pytest.mark.parametrize("path", [FIRST, f"{FIRST}remove/"])
def test_a_target_that_is_gone(browser: Browse, fake_api: FakeApi, path: str) -> None:
    tell(fake_api, actions=[])
    assert browser("olga").post(path).status_code == 404
    assert not fake_api.made("PUT", API)


def test_there_is_a_choice_of_actors_and_tasks(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, schedule_json())
    fake_api.data("GET", "/v2/acts", page([actor_json(title="<b>A</b>")]))
    fake_api.data("GET", "/v2/actor-tasks", page([task_json(actName="site-crawler")]))
    shown = browser("olga").get(ADD).content.decode()
    assert f"?actor={ACTOR_ID}" in shown
    assert f"?task={TASK_ID}" in shown
    assert "<b>A</b>" not in shown


def test_an_actor_is_added_with_its_form(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, actions=[])
    place = f"{ADD}?actor={ACTOR_ID}"
    form = form_of(browser, place) | {"in-most": "5", "memory": "512", "action": "save"}
    answer = browser("olga").post(place, form)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    [made] = saved(fake_api)
    assert json.loads(made["runInput"].pop("body")) == {"name": "Ada", "most": 5}
    assert made == {
        "type": "RUN_ACTOR",
        "actorId": ACTOR_ID,
        "runInput": {"contentType": "application/json; charset=utf-8"},
        "runOptions": {"memoryMbytes": 512},
    }


def test_a_task_is_added_with_what_it_overrides(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, actions=[])
    place = f"{ADD}?task={TASK_ID}"
    form = form_of(browser, place) | {"json": '{"hello": "you"}', "action": "save"}
    browser("olga").post(place, form)
    [made] = saved(fake_api)
    assert json.loads(made["runInput"]["body"]) == {"hello": "you"}
    assert made["actorTaskId"] == TASK_ID


def test_a_target_is_edited_and_the_others_stay(browser: Browse, fake_api: FakeApi) -> None:
    odd = {"maxItems": 7, "timeoutSecs": 60, "memoryMbytes": 1024, "build": "latest"}
    first, second = schedule_json()["actions"]
    tell(fake_api, actions=[first | {"runInput": BODY, "runOptions": odd, "odd": 1}, second])
    form = form_of(browser, FIRST) | {"in-most": "5", "timeout": "", "action": "save"}
    assert form["in-name"] == "Ada"
    browser("olga").post(FIRST, form)
    made, kept = saved(fake_api)
    assert kept == second
    assert json.loads(made["runInput"]["body"]) == {"name": "Ada", "most": 5}
    assert (made["id"], made["odd"]) == ("ZReCs7hkdieq8ZUki", 1)
    assert made["runOptions"] == {"maxItems": 7, "memoryMbytes": 1024, "build": "latest"}


def test_a_tasks_overrides_go_where_the_api_gave_them(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    form = form_of(browser, TASK) | {"json": '{"a": 1}', "action": "save"}
    browser("olga").post(TASK, form)
    assert saved(fake_api)[1]["input"] == {"a": 1}


def test_what_is_wrong_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    form = form_of(browser, FIRST) | {"in-name": "Typed", "in-most": "99", "action": "save"}
    answer = browser("olga").post(FIRST, form)
    assert answer.status_code == 422
    assert "Use 9 or less." in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()
    broken = form_of(browser, TASK) | {"json": '{"a": }', "action": "save"}
    answer = browser("olga").post(TASK, broken)
    assert answer.status_code == 422
    assert "{&quot;a&quot;: }" in answer.content.decode()
    assert not fake_api.made("PUT", API)


def test_form_and_json_are_two_views(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    form = form_of(browser, FIRST) | {"in-name": "Typed", "action": "json"}
    shown = browser("olga").post(FIRST, form).content.decode()
    assert "&quot;name&quot;: &quot;Typed&quot;" in shown
    assert form["edited_from"] in shown


def test_what_the_api_refuses_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("PUT", API)
    fake_api.error("PUT", API, 400, "invalid-value", "No such build")
    form = form_of(browser, FIRST) | {"in-name": "Typed", "action": "save"}
    answer = browser("olga").post(FIRST, form)
    assert answer.status_code == 422
    assert "No such build" in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


def test_f22_two_people_edit_one_target(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, schedule_json())
    first, second = schedule_json()["actions"]
    tell(fake_api, actions=[first | {"runOptions": {"memoryMbytes": 4096}}, second])
    form = form_of(browser, FIRST) | {"in-name": "Typed", "action": "save"}
    answer = browser("olga").post(FIRST, form)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "4096" in shown
    assert "Typed" in shown
    assert not fake_api.made("PUT", API)


def test_another_target_may_change_meanwhile(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, schedule_json())
    first, second = schedule_json()["actions"]
    tell(fake_api, actions=[first, second | {"input": {"theirs": 1}}])
    form = form_of(browser, FIRST) | {"in-name": "Typed", "action": "save"}
    assert browser("olga").post(FIRST, form).status_code == 303
    assert saved(fake_api)[1]["input"] == {"theirs": 1}


def test_an_input_that_is_no_object_says_so(browser: Browse, fake_api: FakeApi) -> None:
    first, second = schedule_json()["actions"]
    tell(fake_api, actions=[first | {"runInput": {"body": "<xml>"}}, second])
    assert "cannot be edited here" in browser("olga").get(FIRST).content.decode()


def test_a_target_is_removed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    answer = browser("olga").post(f"{FIRST}remove/")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert [each["type"] for each in saved(fake_api)] == ["RUN_ACTOR_TASK"]


def test_a_task_that_says_no_memory_takes_that_of_its_actor(
    browser: Browse, fake_api: FakeApi
) -> None:
    action = {"type": "RUN_ACTOR_TASK", "actorTaskId": TASK_ID, "id": "t"}
    fake_api.data("GET", API, schedule_json(actions=[action]))
    fake_api.data("GET", f"/v2/actor-tasks/{TASK_ID}", task_json(options={}))
    fake_api.data("GET", f"/v2/actor-tasks/{TASK_ID}/runs", page([]))
    options = {"build": "latest", "memoryMbytes": 2048, "timeoutSecs": 60}
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json(defaultRunOptions=options))
    fake_api.data("GET", "/v2/users/me/limits", {})
    fake_api.data("GET", f"{API}/log", [])
    assert "2 GB" in browser("vera").get(PAGE).content.decode()
