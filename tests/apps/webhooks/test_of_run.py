"""The Integrations tabs: webhooks and dispatches of a run, webhooks and schedules of the others."""

import pytest

from tests.apps.runs.test_pages import tell as tell_run
from tests.apps.webhooks.made import (
    DISPATCHES,
    HOOK_ID,
    HOOKS,
    attempt_json,
    dispatch_json,
    tell,
    webhook_json,
)
from tests.apps.webhooks.test_pages import HTMX, html
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BUILD_ID, RUN_ID, STORE_ID, FakeApi, page

PAGE = f"/webhooks/runs/{RUN_ID}/"
OTHER = "HG7ML7M8z78YcAPEC"


def hooks(api: FakeApi, *conditions: dict[str, str]) -> None:
    tell(api)
    api.forget("GET", HOOKS)
    named = [
        webhook_json(id=f"hook{at}", condition=condition, requestUrl=f"https://to.example/{at}")
        for at, condition in enumerate(conditions)
    ]
    api.data("GET", HOOKS, page(named))


def test_only_what_watches_the_run_is_listed(browser: Browse, fake_api: FakeApi) -> None:
    both = {"actorId": ACTOR_ID, "actorRunId": OTHER}
    hooks(fake_api, {"actorId": ACTOR_ID}, {"actorRunId": RUN_ID}, {"actorId": OTHER}, both, {})
    shown = html(browser, PAGE, "vera")
    assert [f"to.example/{at}" in shown for at in range(5)] == [True, True, False, False, False]
    assert "Add webhook" not in shown


def test_a_webhook_of_builds_alone_does_not_watch_it(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", HOOKS)
    fake_api.data("GET", HOOKS, page([webhook_json(eventTypes=["ACTOR.BUILD.FAILED"])]))
    assert "None. A webhook tells" in html(browser, PAGE)


def test_only_dispatches_of_the_run_are_listed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", DISPATCHES)
    its_own = dispatch_json(id="mine")
    of_build = dispatch_json(id="built", eventData={"actorBuildId": BUILD_ID})
    of_other = dispatch_json(id="other", eventData={"actorRunId": OTHER})
    told = page([its_own, of_build, of_other, dispatch_json(id="test", eventData=None)])
    fake_api.data("GET", DISPATCHES, {**told, "total": 1200})
    shown = html(browser, PAGE)
    assert "/webhooks/dispatches/mine/" in shown
    assert not [name for name in ("built", "other", "test") if f"dispatches/{name}/" in shown]
    assert f'href="/webhooks/{HOOK_ID}/">https://hooks.example/callboard?…' in shown
    assert "Among the newest 1000 dispatches" in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize(("status", "asks"), [("ACTIVE", True), ("SUCCEEDED", False)])
def test_it_asks_again_while_something_is_on_its_way(
    browser: Browse, fake_api: FakeApi, status: str, *, asks: bool
) -> None:
    tell(fake_api)
    fake_api.forget("GET", DISPATCHES)
    fake_api.data("GET", DISPATCHES, page([dispatch_json(status=status)]))
    answer = browser("olga").get(PAGE, headers=HTMX)
    shown = answer.content.decode()
    assert "<html" not in shown
    assert (f'hx-get="{PAGE}"' in shown) is asks
    assert ("every 30s" in shown) is asks  # retries of an ended run are minutes apart


def test_a_dispatch_names_its_receiver(browser: Browse, fake_api: FakeApi) -> None:
    """As a list tells it: in short, without an id; of other APIs not at all."""
    tell(fake_api)
    fake_api.forget("GET", DISPATCHES)
    receiver = {"requestUrl": "https://told.example/a?key=s3cret", "isAdHoc": True}
    rows = [dispatch_json(webhook=receiver), dispatch_json(id="silent")]
    fake_api.data("GET", DISPATCHES, page(rows))
    shown = html(browser, "/webhooks/dispatches/", "vera")
    assert "https://told.example/a?…" in shown
    assert "Not told" in shown
    assert "://<" not in shown
    assert "s3cret" not in shown


def test_an_answer_that_is_no_success_stands_out(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", DISPATCHES)
    failed = [attempt_json(responseStatus=500)]
    rows = [dispatch_json(), dispatch_json(id="again", status="ACTIVE", calls=failed)]
    fake_api.data("GET", DISPATCHES, page(rows))
    shown = html(browser, "/webhooks/dispatches/", "vera")
    assert shown.count('data-tone="bad"') == 1
    assert '<span class="tag" data-tone="bad">500</span>' in shown


def test_dispatches_behind_the_last_page_say_so(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", DISPATCHES)
    fake_api.data("GET", DISPATCHES, page([], total=3))
    shown = html(browser, "/webhooks/dispatches/?page=9", "vera")
    assert "Nothing on this page" in shown
    assert "Nothing sent yet" not in shown


def test_a_run_that_is_gone_is_404(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", f"/v2/actor-runs/{RUN_ID}")
    fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}", 404, "record-not-found", "Run was not found")
    assert browser("olga").get(PAGE).status_code == 404


def test_the_tabs_bring_them(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    tell_run(fake_api)
    fake_api.data("GET", f"/v2/actor-tasks/{STORE_ID}", {"id": STORE_ID, "name": "nightly"})
    assert f'hx-get="{PAGE}"' in html(browser, f"/runs/{RUN_ID}/integrations/")
    for kind, its_id, at in (("actor", ACTOR_ID, "actors"), ("task", STORE_ID, "tasks")):
        shown = html(browser, f"/{at}/{its_id}/integrations/")
        assert f'hx-get="/webhooks/?{kind}={its_id}"' in shown
        assert f'hx-get="/schedules/?{kind}={its_id}"' in shown
        assert "Add webhook" in shown
        assert "Create schedule" in shown
        assert "Add webhook" not in html(browser, f"/{at}/{its_id}/integrations/", "vera")
