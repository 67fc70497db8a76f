"""What the API tells of one saved task."""

import json
from typing import Any

from tests.apps.schedules.made import TASK_ID, task_json
from tests.conftest import Browse
from tests.console.forms.browser import submitted
from tests.fakes import (
    ACTOR_ID,
    BUILD_ID,
    FakeApi,
    actor_json,
    build_json,
    dataset_json,
    page,
    run_json,
)

PAGE = f"/tasks/{TASK_ID}/"
API = f"/v2/actor-tasks/{TASK_ID}"
RUNS = f"{API}/runs"
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"title": "Name", "type": "string", "editor": "textfield"},
        "most": {"title": "Most", "type": "integer", "maximum": 9, "default": 3},
        "key": {"title": "Key", "type": "string", "editor": "textfield", "isSecret": True},
    },
}
INPUT = {"name": "Ada", "most": 4, "key": "canary", "extra": [1.0, None]}
OPTIONS = {"build": "latest", "timeoutSecs": 60, "memoryMbytes": 512}


def saved(**changes: Any) -> dict[str, Any]:
    return task_json(**{"name": "daily", "input": INPUT, "options": OPTIONS, **changes})


def tell(fake_api: FakeApi, **changes: Any) -> None:
    tell_actor(fake_api)
    fake_api.data("GET", "/v2/acts", page([actor_json()]))
    fake_api.data("GET", API, saved(**changes))
    fake_api.data("PUT", API, saved(**changes))
    fake_api.data("DELETE", API, None)
    fake_api.data("POST", RUNS, run_json(status="READY"), status=201)
    fake_api.data("GET", RUNS, page([run_json()]))
    fake_api.data("GET", "/v2/datasets", page([dataset_json()]))
    fake_api.data("GET", "/v2/actor-tasks", page([saved(**changes)]))
    fake_api.data("GET", "/v2/actor-runs", page([run_json(actorTaskId=TASK_ID)]))


def tell_actor(fake_api: FakeApi) -> None:
    tagged = {"latest": {"buildId": BUILD_ID, "buildNumber": "0.0.1"}}
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json(taggedBuilds=tagged))
    build = build_json(inputSchema=json.dumps(SCHEMA), actorDefinition=None)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build)


def html(browser: Browse, url: str, name: str = "olga") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(browser: Browse, url: str = PAGE, name: str = "olga") -> dict[str, str]:
    """What a browser would send for the page's form."""
    text = html(browser, url, name).split('<form class="split"')[1].split("</form>")[0]
    return {key: str(value) for key, value in submitted(text).items() if key != "action"}
