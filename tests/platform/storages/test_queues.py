"""Rules 51, 204-228: request queues."""

from datetime import timedelta
from typing import Any

import pytest

from apps.platform.domain.ids import request_id
from tests.platform.conftest import Account
from tests.stack import wait_for


@pytest.fixture
def queue(ada: Account) -> str:
    return str(ada.data("POST", "request-queues")["id"])


def request(name: str, **fields: Any) -> dict[str, Any]:
    return {"url": f"http://a/{name}", "uniqueKey": name, **fields}


def add(ada: Account, queue: str, name: str, query: str = "", **fields: Any) -> Any:
    return ada.data(
        "POST", f"request-queues/{queue}/requests?{query}", json=request(name, **fields)
    )


def head(ada: Account, queue: str, query: str = "") -> list[str]:
    found = ada.data("GET", f"request-queues/{queue}/head?{query}")
    return [item["uniqueKey"] for item in found["items"]]


def lock(ada: Account, queue: str, query: str) -> list[str]:
    found = ada.data("POST", f"request-queues/{queue}/head/lock?{query}")
    return [item["uniqueKey"] for item in found["items"]]


def test_rules_208_209_a_key_is_added_once(ada: Account, queue: str) -> None:
    first = add(ada, queue, "a")
    assert first == {
        "requestId": request_id("a"),
        "wasAlreadyPresent": False,
        "wasAlreadyHandled": False,
    }
    again = add(ada, queue, "a", method="POST")
    assert again["requestId"] == first["requestId"]
    assert again["wasAlreadyPresent"] is True
    stored = ada.data("GET", f"request-queues/{queue}/requests/{first['requestId']}")
    assert stored["method"] == "GET"
    assert ada.data("GET", f"request-queues/{queue}")["totalRequestCount"] == 1


def test_rules_207_210_order_and_forefront(ada: Account, queue: str) -> None:
    for name in ("a", "b"):
        add(ada, queue, name)
    add(ada, queue, "c", "forefront=true")
    assert head(ada, queue) == ["c", "a", "b"]
    assert head(ada, queue, "limit=2") == ["c", "a"]


def test_rule_212_a_handled_request_leaves_the_head(ada: Account, queue: str) -> None:
    made = add(ada, queue, "a")["requestId"]
    done = request("a", id=made, handledAt="2026-01-01T00:00:00.000Z")
    result = ada.data("PUT", f"request-queues/{queue}/requests/{made}", json=done)
    assert result["wasAlreadyHandled"] is False
    assert head(ada, queue) == []
    counts = ada.data("GET", f"request-queues/{queue}")
    assert (counts["handledRequestCount"], counts["pendingRequestCount"]) == (1, 0)
    assert add(ada, queue, "a")["wasAlreadyHandled"] is True


def test_a_request_without_handled_at_is_pending_again(ada: Account, queue: str) -> None:
    made = add(ada, queue, "a", handledAt="2026-01-01T00:00:00.000Z")["requestId"]
    assert head(ada, queue) == []
    ada.data("PUT", f"request-queues/{queue}/requests/{made}", json=request("a", id=made))
    assert head(ada, queue) == ["a"]


def test_rules_213_215_clients_are_counted(ada: Account, queue: str) -> None:
    def multiple() -> bool:
        return bool(ada.data("GET", f"request-queues/{queue}")["hadMultipleClients"])

    add(ada, queue, "a", "clientKey=one")
    add(ada, queue, "b", "clientKey=one")
    assert not multiple()
    head(ada, queue, "clientKey=two")
    assert multiple()
    long = ada.http.get(f"request-queues/{queue}/head?clientKey={'x' * 33}")
    assert long.status_code == 400


def test_rules_218_220_locked_requests_belong_to_one_client(ada: Account, queue: str) -> None:
    for number in range(30):
        add(ada, queue, f"{number:02d}")
    mine = lock(ada, queue, "lockSecs=60&limit=100&clientKey=one")
    assert mine == [f"{number:02d}" for number in range(25)]
    assert lock(ada, queue, "lockSecs=60&clientKey=two") == ["25", "26", "27", "28", "29"]
    assert head(ada, queue) == []
    assert ada.http.post(f"request-queues/{queue}/head/lock").status_code == 400


def test_a_lock_runs_out(ada: Account, queue: str) -> None:
    add(ada, queue, "a")
    assert lock(ada, queue, "lockSecs=1&clientKey=one") == ["a"]
    assert wait_for(lambda: head(ada, queue), 5) == ["a"]


def test_rules_221_223_only_the_holder_prolongs_and_frees(ada: Account, queue: str) -> None:
    made = add(ada, queue, "a")["requestId"]
    add(ada, queue, "b")
    lock(ada, queue, "lockSecs=60&clientKey=one")
    path = f"request-queues/{queue}/requests/{made}/lock"
    assert ada.http.put(f"{path}?lockSecs=60&clientKey=two").status_code == 409
    assert ada.http.delete(f"{path}?clientKey=two").status_code == 409
    assert ada.http.put(f"{path}?clientKey=one").status_code == 400
    longer = ada.data("PUT", f"{path}?lockSecs=90&clientKey=one")
    assert longer["lockExpiresAt"].endswith("Z")
    assert ada.http.delete(f"{path}?clientKey=one&forefront=1").status_code == 204
    assert head(ada, queue) == ["a"]


def test_rules_224_225_a_batch_tells_what_it_could_not_add(ada: Account, queue: str) -> None:
    body = [request("a"), {"uniqueKey": "no url"}, request("a"), request("b", method="WRONG")]
    result = ada.data("POST", f"request-queues/{queue}/requests/batch", json=body)
    processed = [(r["uniqueKey"], r["wasAlreadyPresent"]) for r in result["processedRequests"]]
    assert processed == [("a", False), ("a", True)]
    assert [r["uniqueKey"] for r in result["unprocessedRequests"]] == ["no url", "b"]
    many = [request(str(number)) for number in range(26)]
    assert ada.http.post(f"request-queues/{queue}/requests/batch", json=many).status_code == 400


def test_rule_226_delete_by_id_or_key(ada: Account, queue: str) -> None:
    made = add(ada, queue, "a")["requestId"]
    add(ada, queue, "b")
    body = [{"id": made}, {"uniqueKey": "b"}, {"uniqueKey": "zz"}]
    answer = ada.http.request("DELETE", f"request-queues/{queue}/requests/batch", json=body)
    assert answer.status_code == 200
    assert answer.json()["data"]["processedRequests"] == body[:2]
    assert answer.json()["data"]["unprocessedRequests"] == body[2:]
    assert ada.data("GET", f"request-queues/{queue}")["totalRequestCount"] == 0


def test_rules_51_227_a_page_has_at_most_10000(ada: Account, queue: str) -> None:
    page = ada.data("GET", f"request-queues/{queue}/requests?limit=20000&exclusiveStartId=a")
    assert (page["limit"], page["count"], page["exclusiveStartId"]) == (10_000, 0, "a")


def test_rules_51_227_pages_by_id_and_by_cursor(ada: Account, queue: str) -> None:
    for number in range(7):
        add(ada, queue, str(number))
    seen: list[str] = []
    page = ada.data("GET", f"request-queues/{queue}/requests?limit=3")
    seen += [item["id"] for item in page["items"]]
    while page.get("nextCursor"):
        query = f"limit=3&cursor={page['nextCursor']}"
        page = ada.data("GET", f"request-queues/{queue}/requests?{query}")
        seen += [item["id"] for item in page["items"]]
    assert seen == sorted(request_id(str(number)) for number in range(7))
    after = ada.data("GET", f"request-queues/{queue}/requests?exclusiveStartId={seen[4]}")
    assert [item["id"] for item in after["items"]] == seen[5:]


def test_the_list_can_be_filtered_by_state(ada: Account, queue: str) -> None:
    add(ada, queue, "pending")
    add(ada, queue, "handled", handledAt="2026-01-01T00:00:00.000Z")
    add(ada, queue, "locked", "forefront=1")
    lock(ada, queue, "lockSecs=60&limit=1&clientKey=one")
    for state in ("pending", "locked"):
        found = ada.data("GET", f"request-queues/{queue}/requests?filter={state}")["items"]
        assert [item["uniqueKey"] for item in found] == [state]


def test_statistics_count_exactly(ada: Account, queue: str) -> None:
    """runtime-contract.md section 4."""
    made = add(ada, queue, "a")["requestId"]
    add(ada, queue, "a")
    add(ada, queue, "b")
    lock(ada, queue, "lockSecs=60&limit=1&clientKey=one")
    ada.data("PUT", f"request-queues/{queue}/requests/{made}/lock?lockSecs=9&clientKey=one")
    ada.data("GET", f"request-queues/{queue}/requests/{made}")
    ada.data("GET", f"request-queues/{queue}/requests")
    ada.data("PUT", f"request-queues/{queue}/requests/{made}", json=request("a", id=made))
    stats = ada.data("GET", f"request-queues/{queue}")["stats"]
    assert stats["writeCount"] == 2 + 1 + 1 + 1
    assert stats["readCount"] == 1 + 2


def test_the_official_client_works_through_a_queue(ada: Account, queue: str) -> None:
    client = ada.client.request_queue(queue, client_key="tester")
    wanted: Any = [request(str(number)) for number in range(40)]
    client.batch_add_requests(wanted)
    locked = client.list_and_lock_head(lock_duration=timedelta(minutes=1), limit=10)
    assert len(locked.items) == 10
    assert sum(1 for _ in client.iterate_requests()) == 40
