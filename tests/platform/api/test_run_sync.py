"""Runs that the caller waits for (endpoints 23-26)."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.platform.api.conftest import version
from tests.platform.conftest import Account, Platform, start_platform
from tests.platform.domain import formats


class Caller(threading.Thread):
    """Calls in the background: the run has to be ended meanwhile."""

    def __init__(self, account: Account, method: str, path: str, **options: Any) -> None:
        super().__init__()
        self.account, self.method, self.path, self.options = account, method, path, options
        self.response: Any = None
        self.start()

    def run(self) -> None:
        self.response = self.account.http.request(self.method, self.path, **self.options)

    def result(self) -> Any:
        self.join(60)
        return self.response


def new_run(ada: Account, actor: Any) -> Any:
    """The run that the background call has started."""
    while not (page := ada.data("GET", f"acts/{actor['id']}/runs"))["items"]:
        pass
    return page["items"][-1]


def end(platform: Platform, run: Any, status: str) -> None:
    platform.sql("UPDATE run SET status=? WHERE id=?", status, run["id"])


@pytest.mark.parametrize(("method", "query"), [("POST", ""), ("GET", ""), ("POST", "R")])
def test_rules_129_130_132_the_output_is_the_answer(
    platform: Platform, ada: Account, actor: Any, method: str, query: str
) -> None:
    path = f"acts/{actor['id']}/run-sync" + (f"?outputRecordKey={query}" if query else "")
    caller = Caller(ada, method, path, json={"a": 1} if method == "POST" else None)
    run = new_run(ada, actor)
    record = f"actor-runs/{run['id']}/key-value-store/records/{query or 'OUTPUT'}"
    ada.http.put(record, content=b"<p>done</p>", headers={"Content-Type": "text/html"})
    end(platform, run, "SUCCEEDED")
    response = caller.result()
    assert (response.status_code, response.content) == (201, b"<p>done</p>")
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rules_134_135_the_items_are_the_answer(
    platform: Platform, ada: Account, actor: Any, method: str
) -> None:
    query = "format=json&fields=a&limit=1&offset=1"
    path = f"acts/{actor['id']}/run-sync-get-dataset-items?{query}"
    caller = Caller(ada, method, path)
    run = new_run(ada, actor)
    items = [{"a": 1, "b": 1}, {"a": 2, "b": 2}, {"a": 3}]
    ada.http.post(f"actor-runs/{run['id']}/dataset/items", json=items)
    end(platform, run, "SUCCEEDED")
    response = caller.result()
    assert (response.status_code, response.json()) == (201, [{"a": 2}])
    assert response.headers["X-Apify-Pagination-Total"] == "3"


def test_rules_126_134_every_format_below_runs(
    platform: Platform, ada: Account, actor: Any
) -> None:
    caller = Caller(
        ada, "POST", f"acts/{actor['id']}/run-sync-get-dataset-items?format=xlsx&fields=a"
    )
    run = new_run(ada, actor)
    ada.http.post(f"actor-runs/{run['id']}/dataset/items", json={"a": 1, "b": 2})
    end(platform, run, "SUCCEEDED")
    assert formats.xlsx_sheets(caller.result().content) == {"Data": [["a"], [1]]}
    last = ada.http.get(f"acts/{actor['id']}/runs/last/dataset/items?format=rss&omit=b")
    assert formats.xml_root(last.content).findtext("channel/item/a") == "1"
    own = ada.http.get(f"actor-runs/{run['id']}/dataset/items?format=html")
    assert formats.html_table(own.content) == [["a", "b"], ["1", "2"]]


def test_rule_133_a_run_that_fails(platform: Platform, ada: Account, actor: Any) -> None:
    caller = Caller(ada, "POST", f"acts/{actor['id']}/run-sync")
    run = new_run(ada, actor)
    end(platform, run, "FAILED")
    response = caller.result()
    assert response.status_code == 400
    assert response.json()["error"] == {
        "type": "run-failed",
        "message": f"Actor run did not succeed (run ID: {run['id']}, status: FAILED)",
    }


def test_rule_138_all_run_parameters_count(platform: Platform, ada: Account, actor: Any) -> None:
    caller = Caller(
        ada, "POST", f"acts/{actor['id']}/run-sync?memory=512&timeout=9&maxItems=3&build=0.1.1"
    )
    run = new_run(ada, actor)
    options = ada.data("GET", f"actor-runs/{run['id']}")["options"]
    assert (options["memoryMbytes"], options["timeoutSecs"]) == (512, 9)
    assert (options["maxItems"], options["build"]) == (3, "0.1.1")
    end(platform, run, "SUCCEEDED")
    assert caller.result().status_code == 404


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A server that waits one second where others wait 300."""
    home = tmp_path_factory.mktemp("hurried")
    yield from start_platform(home, CALLBOARD_PLATFORM_SYNCHRONOUS_SECONDS="1")


def test_rules_131_137_who_waits_too_long_is_told_so(hurried: Platform) -> None:
    account = hurried.account("hurried")
    account.data("POST", "acts", json={"name": "slow", "versions": [version()]})
    account.data("POST", "acts/~slow/builds?version=0.1")
    response = account.http.post("acts/~slow/run-sync")
    assert response.status_code == 408
    assert response.json()["error"] == {
        "type": "run-timeout-exceeded",
        "message": "Actor run exceeded timeout of 1 seconds for this API endpoint",
    }
    run = account.data("GET", "acts/~slow/runs/last")
    assert run["status"] == "READY"
    assert run["id"] not in response.text


def test_rule_136_a_run_of_a_task_goes_on_after_the_answer(hurried: Platform) -> None:
    account = hurried.account("hurried-too")
    actor = account.data("POST", "acts", json={"name": "slow", "versions": [version()]})
    account.data("POST", "acts/~slow/builds?version=0.1")
    account.data("POST", "actor-tasks", json={"actId": actor["id"], "name": "slow-task"})
    response = account.http.post("actor-tasks/~slow-task/run-sync")
    assert (response.status_code, response.json()["error"]["type"]) == (
        408,
        "run-timeout-exceeded",
    )
    assert account.data("GET", "actor-tasks/~slow-task/runs/last")["status"] == "READY"


def test_what_cannot_start_is_refused_at_once(ada: Account, ben: Account, actor: Any) -> None:
    path = f"acts/{actor['id']}/run-sync"
    assert ada.http.post(f"{path}?memory=1").status_code == 400
    assert ben.http.post(path).status_code == 404
    assert ada.http.put(path).status_code == 405
