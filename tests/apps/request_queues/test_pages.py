from typing import Any

import pytest

from tests.conftest import Browse
from tests.fakes import QUEUE_ID, FakeApi, page, queue_json

LIST = "/storage/request-queues/"
PAGE = f"{LIST}{QUEUE_ID}/"
API = f"/v2/request-queues/{QUEUE_ID}"


def request_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": "sbJ7klsdf7ujN9l",
        "uniqueKey": "https://a.test/1",
        "url": "https://a.test/1",
        "method": "GET",
        "retryCount": 0,
        "handledAt": None,
        **changes,
    }


def tell(fake_api: FakeApi, *items: dict[str, Any]) -> None:
    fake_api.data("GET", API, queue_json())
    fake_api.data("GET", f"{API}/requests", {"items": items, "count": len(items), "limit": 100})


def test_it_lists_queues(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/request-queues", page([queue_json(name="pages")]))
    shown = browser("vera").get(LIST).content.decode()
    assert "pages" in shown
    assert ">870<" in shown


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "Pending<"),
        ({"retryCount": 2}, "Pending, tried"),
        ({"handledAt": "2019-06-16T10:23:31.607Z"}, "Handled<"),
        ({"handledAt": "2019-06-16T10:23:31.607Z", "errorMessages": ["x"]}, "Handled, with errors"),
        ({"lockExpiresAt": "2019-06-16T10:23:31.607Z"}, "Locked"),
    ],
)
def test_requests_show_their_state(
    browser: Browse, fake_api: FakeApi, changes: dict[str, Any], word: str
) -> None:
    tell(fake_api, request_json(**changes))
    assert word in browser("vera").get(PAGE).content.decode().split("<tbody>")[1]


def test_rule_51_requests_are_walked_by_cursor(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, *[request_json(id=f"id{n}") for n in range(50)])
    answer = browser("vera").get(f"{PAGE}?limit=50&after=id0")
    assert fake_api.made("GET", f"{API}/requests")[0].query == {
        "limit": "50", "exclusiveStartId": "id0",
    }  # fmt: skip
    assert b"limit=50&amp;after=id49" in answer.content


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "2 of 870 on this page"),
        ("?state=pending", "2 of 770 on this page"),
        ("?state=locked", "2 on this page"),
    ],
)
def test_the_foot_of_the_list_counts(
    browser: Browse, fake_api: FakeApi, query: str, words: str
) -> None:
    tell(fake_api, *[request_json(id=f"id{n}") for n in range(2)])
    assert f"<span>{words}</span>" in browser("vera").get(PAGE + query).content.decode()


@pytest.mark.parametrize(("query", "words"), [("", "No requests yet"), ("?after=z", "No more req")])
def test_an_empty_page_says_why(browser: Browse, fake_api: FakeApi, query: str, words: str) -> None:
    tell(fake_api)
    assert words in browser("vera").get(PAGE + query).content.decode()


def test_a_request_shows_all_that_the_api_tells(browser: Browse, fake_api: FakeApi) -> None:
    told = request_json(url="https://a.test/<b>", surprise={"x": 1}, errorMessages=["<i>no</i>"])
    fake_api.data("GET", f"{API}/requests/{told['id']}", told)
    shown = browser("vera").get(f"{PAGE}requests/{told['id']}/").content.decode()
    assert "surprise" in shown
    assert "&lt;i&gt;no&lt;/i&gt;" in shown
    assert "<b>" not in shown.split("<main")[1]


def test_a_request_that_is_gone_is_a_page(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", f"{API}/requests/x", 404, "record-not-found", "No such request")
    answer = browser("vera").get(f"{PAGE}requests/x/")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["", f"{QUEUE_ID}/", f"{QUEUE_ID}/requests/A/"])
def test_nobody_without_a_seat_sees_data(browser: Browse, path: str, fake_api: FakeApi) -> None:
    assert browser("").get(LIST + path).status_code == 302
    assert browser("eve").get(LIST + path).status_code == 403
    assert not fake_api.calls


def test_requests_are_asked_for_by_state(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, queue_json())
    told = {"items": [request_json()], "limit": 50, "nextCursor": "Zm9v"}
    fake_api.data("GET", f"{API}/requests", told)
    shown = browser("vera").get(f"{PAGE}?state=locked&limit=50&cursor=YQ").content.decode()
    assert fake_api.made("GET", f"{API}/requests")[0].query == {
        "limit": "50", "cursor": "YQ", "filter": "locked",
    }  # fmt: skip
    assert "Locked<" in shown.split("<tbody>")[1]
    assert "state=locked&amp;limit=50&amp;cursor=Zm9v" in shown
    assert "does not tell requests by state" not in shown


def test_those_that_are_next_come_in_their_order(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, queue_json())
    head = {"items": [{"id": f"id{n}", "url": f"https://a.test/{n}"} for n in (7, 3)], "limit": 50}
    fake_api.data("GET", f"{API}/head", head)
    shown = browser("vera").get(f"{PAGE}?state=next&limit=50").content.decode()
    assert fake_api.made("GET", f"{API}/head")[0].query == {"limit": "50"}
    assert 0 < shown.index("https://a.test/7") < shown.index("https://a.test/3")
    assert len(fake_api.calls) == 2


@pytest.mark.parametrize("refuses", [True, False])
def test_an_api_without_states_is_said_to_be_one(
    browser: Browse, fake_api: FakeApi, refuses: bool
) -> None:
    if refuses:
        fake_api.error("GET", f"{API}/requests", 400, "invalid-value", "No filter here.")
    tell(
        fake_api,
        request_json(url="https://a.test/open"),
        request_json(id="x", url="https://a.test/done", handledAt="2019-06-16T10:23:31.607Z"),
    )
    shown = browser("vera").get(f"{PAGE}?state=handled").content.decode()
    assert "does not tell requests by state" in shown
    assert "https://a.test/done" in shown
    assert "https://a.test/open" not in shown


def test_only_who_may_edit_can_select(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, request_json())
    assert b"Delete selected" not in browser("vera").get(PAGE).content
    assert b"Delete selected" in browser("olga").get(PAGE).content
