"""Resurrection with options, metamorph, and the way to a run's neighbours."""

from typing import Any

import pytest

from tests.apps.runs.test_pages import API, PAGE, forgotten, html
from tests.apps.runs.test_pages import tell as tell_run
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, page, run_json

__all__ = ["forgotten"]
RESURRECT, METAMORPH = f"{PAGE}resurrect/options/", f"{PAGE}metamorph/"
FORMS = {
    "resurrect": (
        RESURRECT,
        {"build": "beta", "timeout": "0", "memory": "512"},
        {"build": "beta", "timeout": "0", "memory": "512"},
    ),
    "metamorph": (
        METAMORPH,
        {"target": ACTOR_ID, "build": "beta", "input": '{"a": 1}'},
        {"targetActorId": ACTOR_ID, "build": "beta"},
    ),
}


@pytest.mark.parametrize("verb", FORMS)
def test_the_form_changes_the_run_once(browser: Browse, fake_api: FakeApi, verb: str) -> None:
    url, typed, sent = FORMS[verb]
    fake_api.data("POST", f"{API}/{verb}", run_json(status="RUNNING"))
    for _ in range(2):
        done = browser("olga").post(url, {**typed, "intent": "k"})
        assert (done.status_code, done["Location"]) == (303, PAGE)
    (made,) = fake_api.made("POST", f"{API}/{verb}")
    assert made.query == sent
    assert made.body == typed.get("input", "").encode()


@pytest.mark.parametrize("verb", FORMS)
def test_the_form_is_shown_to_who_may(browser: Browse, fake_api: FakeApi, verb: str) -> None:
    url = FORMS[verb][0]
    tell_run(fake_api, status="RUNNING")
    shown = html(browser, url, "olga")
    assert "</form>" in shown
    assert "Waiting for figures" not in shown  # of a stream that this page does not have
    assert browser("luke").get(url).status_code == 403
    assert browser("luke").post(url, FORMS[verb][1]).status_code == 403
    assert not fake_api.made("POST", f"{API}/{verb}")


@pytest.mark.parametrize("verb", FORMS)
def test_a_refusal_keeps_what_was_typed(browser: Browse, fake_api: FakeApi, verb: str) -> None:
    url, typed, _ = FORMS[verb]
    tell_run(fake_api)
    fake_api.error("POST", f"{API}/{verb}", 400, "run-not-running", "It does not <b>run</b>.")
    answer = browser("olga").post(url, {**typed, "intent": "k"})
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "It does not &lt;b&gt;run&lt;/b&gt;." in shown
    assert 'value="beta"' in shown


@pytest.mark.parametrize("verb", FORMS)
def test_a_run_that_is_missing_is_told(browser: Browse, fake_api: FakeApi, verb: str) -> None:
    for path in ("", "/dataset", "/request-queue"):
        fake_api.error("GET", API + path, 404, "record-not-found", "Run was not found")
    assert browser("olga").get(FORMS[verb][0]).status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"target": "", "other": ""}, "Choose the Actor"),
        ({"target": ACTOR_ID, "input": "{"}, "not valid JSON"),
    ],
)
def test_what_cannot_be_sent_is_not(
    browser: Browse, fake_api: FakeApi, typed: dict[str, str], told: str
) -> None:
    tell_run(fake_api)
    answer = browser("olga").post(METAMORPH, typed)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not fake_api.made("POST", f"{API}/metamorph")


def test_an_actor_can_be_named(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("POST", f"{API}/metamorph", run_json(status="RUNNING"))
    browser("olga").post(METAMORPH, {"other": "jane~crawler", "intent": "k"})
    (made,) = fake_api.made("POST", f"{API}/metamorph")
    assert made.query == {"targetActorId": "jane~crawler"}


@pytest.mark.parametrize(
    ("way", "bound", "desc"), [("previous", "startedBefore", "1"), ("next", "startedAfter", "0")]
)
def test_neighbours_are_asked_for_when_wanted(
    browser: Browse, fake_api: FakeApi, way: str, bound: str, desc: str
) -> None:
    fake_api.data("GET", API, run_json())
    start = run_json()["startedAt"]
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([run_json(), run_json(id="other")]))
    assert browser("vera").get(f"{PAGE}{way}/")["Location"] == "/runs/other/"
    asked = fake_api.calls[-1].query
    assert (asked[bound], asked["desc"], asked["limit"]) == (start, desc, "2")
    pair = {"previous": f"a=other&b={RUN_ID}", "next": f"a={RUN_ID}&b=other"}[way]
    compared = browser("vera").get(f"{PAGE}{way}/?compare=1")["Location"]
    assert compared == f"/runs/compare/?{pair}"


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([], "There is no earlier run"),
        ([run_json(id="other", startedAt="2030-01-01T00:00:00Z")], "cannot tell which run"),
    ],
)
def test_without_a_neighbour_one_stays(
    browser: Browse, fake_api: FakeApi, others: list[Any], told: str
) -> None:
    tell_run(fake_api)
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([*others, run_json()]))
    answer = browser("vera").get(f"{PAGE}previous/", follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert told in answer.content.decode()


def test_charged_events_are_shown_with_their_prices(browser: Browse, fake_api: FakeApi) -> None:
    events = {
        "page": {"eventTitle": "A <b>page</b>", "eventPriceUsd": 0.25},
        "start": {"eventPriceUsd": "much"},
    }
    tell_run(
        fake_api,
        pricingInfo={"pricingPerEvent": {"actorChargeEvents": events}},
        chargedEventCounts={"page": 6, "extra": 2},
        options={"maxTotalChargeUsd": 5},
    )
    shown = html(browser, f"{PAGE}log/")
    charged = shown.split("Charged events")[1]
    assert "A &lt;b&gt;page&lt;/b&gt;" in charged
    assert "$1.50" in charged
    assert all(f">{name}</th>" in charged for name in ("start", "extra"))
    assert "Cost ceiling" in shown


@pytest.mark.parametrize("pricing", [None, {}, {"pricingPerEvent": []}])
def test_without_events_nothing_is_said_of_them(
    browser: Browse, fake_api: FakeApi, pricing: Any
) -> None:
    tell_run(fake_api, pricingInfo=pricing)
    assert "Charged events" not in html(browser, f"{PAGE}log/")
