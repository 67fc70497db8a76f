from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.schedules.week import grid
from console.api.models.schedules import Schedule
from tests.apps.schedules.made import (
    SCHEDULE_ID,
    TASK_ID,
    listed_json,
    schedule_json,
    task_json,
)
from tests.conftest import Browse
from tests.console.forms.browser import submitted
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, actor_json, page, run_json

PAGE = f"/schedules/{SCHEDULE_ID}/"
API = f"/v2/schedules/{SCHEDULE_ID}"
INVOKED = f"Schedule invoked: run {RUN_ID} started"
LOG = [
    {
        "message": INVOKED,
        "level": "INFO",
        "createdAt": "2019-12-20T01:30:00.000Z",
    },
    {"message": "<b>Late</b>: skipped", "level": "WARN", "createdAt": "2019-12-21T01:30:00.000Z"},
    {"message": "Cannot start", "level": "ERROR", "createdAt": "2019-12-19T01:30:00.000Z"},
]
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def tell(fake_api: FakeApi, **changes: Any) -> None:
    fake_api.data("GET", API, schedule_json(**changes))
    fake_api.data("GET", f"{API}/log", LOG)
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json())
    fake_api.data(
        "GET", f"/v2/acts/{ACTOR_ID}/runs", page([run_json(finishedAt="2019-11-30T07:53:24.202Z")])
    )
    fake_api.data("GET", f"/v2/actor-tasks/{TASK_ID}", task_json())
    fake_api.data("GET", f"/v2/actor-tasks/{TASK_ID}/runs", page([]))
    fake_api.data("GET", "/v2/schedules", page([schedule_json(**changes)]))


def tell_list(fake_api: FakeApi, *schedules: dict[str, Any]) -> None:
    fake_api.data("GET", "/v2/schedules", page([listed_json(each) for each in schedules]))
    for each in schedules:
        fake_api.data("GET", f"/v2/schedules/{each['id']}", each)
    fake_api.data("GET", "/v2/users/me/limits", {"limits": {"maxActorMemoryGbytes": 4}})
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json())
    fake_api.data("GET", f"/v2/actor-tasks/{TASK_ID}", task_json())


def html(browser: Browse, url: str, name: str = "olga") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(browser: Browse, url: str = PAGE) -> dict[str, Any]:
    """What a browser would send for the page's form."""
    text = html(browser, url).split('id="setup"')[1].split("</form>")[0]
    sent = submitted(f"<form {text}")
    return {name: value[0] if len(value) == 1 else value for name, value in sent.lists()}


def test_the_list_says_what_when_and_next(browser: Browse, fake_api: FakeApi) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=13, minutes=5)).isoformat()
    off = schedule_json(id="off123", name="<i>off</i>", isEnabled=False, actions=[])
    tell_list(fake_api, schedule_json(nextRunAt=soon), off)
    shown = html(browser, "/schedules/")
    assert "At 02:30 on Monday to Friday" in shown
    assert "in 13 h" in shown
    assert "1 Actor, 1 task" in shown
    assert "<i>off</i>" not in shown
    assert f'action="{PAGE}disable/"' in shown
    assert 'action="/schedules/off123/enable/"' in shown
    assert len(fake_api.calls) == 1


@pytest.mark.parametrize(
    ("query", "shown_ids"),
    [
        (f"actor={ACTOR_ID}", ["of-actor"]),
        (f"task={TASK_ID}", ["of-task"]),
        ("actor=other", []),
    ],
)
def test_those_that_start_one_actor_or_task(
    browser: Browse, fake_api: FakeApi, query: str, shown_ids: list[str]
) -> None:
    of_actor, of_task = schedule_json()["actions"]
    tell_list(
        fake_api,
        schedule_json(id="of-actor", actions=[of_actor]),
        schedule_json(id="of-task", actions=[of_task]),
        schedule_json(id="of-none", actions=[]),
    )
    shown = html(browser, f"/schedules/?{query}")
    ids = [name for name in ("of-actor", "of-task", "of-none") if f"/schedules/{name}/" in shown]
    assert ids == shown_ids
    assert ("No schedule starts it" in shown) is (not shown_ids)
    assert f'href="/schedules/create/?{query}"' in shown
    assert len(fake_api.calls) == 1


def test_a_viewer_sees_no_actions(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, PAGE, "vera")
    for action in ("enable", "disable", "delete", "run"):
        assert f"{PAGE}{action}/" not in shown
    assert 'form="setup"' not in shown


def test_an_empty_list_says_what_to_do(browser: Browse, fake_api: FakeApi) -> None:
    tell_list(fake_api)
    assert 'href="/schedules/create/"' in html(browser, "/schedules/")
    assert 'href="/schedules/create/"' not in html(browser, "/schedules/", "vera")


def test_the_page_shows_both_zones_targets_and_log(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, PAGE)
    assert "Europe/Prague" in shown
    assert shown.count("02:30</td>") == 10
    assert "01:30</td>" in shown or "00:30</td>" in shown
    assert "Clocks go" in shown
    assert "an input of its own, 1 field" in shown
    assert "&lt;b&gt;Late&lt;/b&gt;: skipped" in shown
    assert len(fake_api.calls) == 6


def test_what_a_schedule_starts_may_be_gone(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", f"/v2/acts/{ACTOR_ID}")
    fake_api.error("GET", f"/v2/acts/{ACTOR_ID}", 404, "record-not-found", "Actor was not found")
    assert "Actor was not found" in html(browser, PAGE)


def test_each_tab_of_the_editor_has_an_address(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert 'value="weekly" checked' in html(browser, PAGE)
    assert 'value="cron" checked' in html(browser, f"{PAGE}?mode=cron")
    assert 'value="weekly" checked' in html(browser, f"{PAGE}?mode=never")


def test_an_odd_schedule_of_the_api_is_shown(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, cronExpression="whenever", timezone="Moon/Base", actions=None, name="")
    shown = html(browser, PAGE)
    assert "whenever" in shown
    assert '<option value="Moon/Base" selected>' in shown
    assert "There is no time zone Moon/Base." in shown


def test_the_log_is_newest_first_and_paged(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{PAGE}log/")
    places = [shown.index(words) for words in ("skipped", "Schedule invoked", "Cannot start")]
    assert places == sorted(places)
    assert shown.count(f'href="/runs/{RUN_ID}/"') == 1
    assert "Nothing on this page" in html(browser, f"{PAGE}log/?page=9")


def test_the_preview_is_a_part_or_a_page(browser: Browse, fake_api: FakeApi) -> None:
    query = "?mode=daily&time=09:15&timezone=Asia/Tokyo&cron="
    whole = html(browser, f"/schedules/preview/{query}")
    assert "At 09:15 every day" in whole
    assert "00:15</td>" in whole
    part = browser("vera").get(f"/schedules/preview/{query}", headers=PART).content.decode()
    assert part.lstrip().startswith('<header><h2 id="h-next">')
    assert '<hx-partial hx-target="#sentence"' in part
    assert not fake_api.calls


def test_the_preview_says_what_is_wrong(browser: Browse, fake_api: FakeApi) -> None:
    wrong = "?mode=cron&cron=61+*+*+*+*&timezone=Europe/Prague"
    assert "Minutes go from 0 to 59." in html(browser, f"/schedules/preview/{wrong}")
    nowhere = "?mode=daily&time=09:00&timezone=Nowhere"
    assert "There is no time zone Nowhere." in html(browser, f"/schedules/preview/{nowhere}")


def test_rule_252_what_an_exclusive_schedule_skips_is_marked(
    browser: Browse, fake_api: FakeApi
) -> None:
    query = "?mode=minute&minutes=1&timezone=UTC&usual=150"
    assert "the one before is still on" not in html(browser, f"/schedules/preview/{query}")
    shown = html(browser, f"/schedules/preview/{query}&exclusive=1")
    assert shown.count("Skipped: the one before is still on") == 6  # two of three, in ten


def test_firings_too_near_are_marked(browser: Browse, fake_api: FakeApi) -> None:
    query = "?mode=cron&cron=*/5+*+*+*+*+*&timezone=UTC"
    assert html(browser, f"/schedules/preview/{query}").count("less than 10 s after") == 5


def test_the_week_adds_up_what_is_needed(browser: Browse, fake_api: FakeApi) -> None:
    hourly = schedule_json(cronExpression="*/10 * * * *", timezone="UTC")
    off = schedule_json(id="off123", isEnabled=False)
    odd = schedule_json(id="odd123", cronExpression="whenever")
    tell_list(fake_api, hourly, off, odd)
    shown = html(browser, "/schedules/week/")
    assert 'data-load="3"' in shown  # 1 GB of its own and 4 GB of the task, of 4
    assert "6 calls, 5 GB" in shown
    assert "may need 5 of 4 GB" in shown
    assert "off123" not in shown
    assert len(fake_api.calls) == 4


@pytest.mark.parametrize(("minute", "calls"), [(0, 5), (31, 2), (51, 0)])
def test_an_hour_under_way_has_the_calls_to_come(minute: int, calls: int) -> None:
    schedule = Schedule(id="a", cron_expression="*/10 * * * *", timezone="Asia/Kolkata")
    zone = ZoneInfo("Asia/Kolkata")
    now = datetime(2026, 1, 1, 12, minute, tzinfo=zone)
    (_, cells), *_ = grid([schedule], {schedule.id: 0.25}, zone, now)
    assert [cell.calls for cell in cells[11:14]] == [0, calls, 6]
    assert cells[12].gigabytes == (0.25 if calls else 0)


def test_an_hour_of_the_week_lists_its_calls(browser: Browse, fake_api: FakeApi) -> None:
    tell_list(fake_api, schedule_json(cronExpression="*/10 * * * *", timezone="UTC"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    shown = html(browser, f"/schedules/week/?hour={tomorrow:%Y-%m-%dT}05&schedule={SCHEDULE_ID}")
    assert shown.count(f'href="{PAGE}"') == 6
    assert 'aria-current="true"' in shown
    assert "Outlined: this schedule" in shown
    assert html(browser, "/schedules/week/?hour=never").count(f'href="{PAGE}"') == 20


def test_nothing_to_come(browser: Browse, fake_api: FakeApi) -> None:
    tell_list(fake_api)
    assert "Nothing will be called" in html(browser, "/schedules/week/")
