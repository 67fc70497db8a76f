"""Answers that no schedule should have must not break its pages."""

from typing import Any

import pytest

from tests.apps.schedules.made import TASK_ID, listed_json, schedule_json
from tests.apps.schedules.test_pages import PAGE, html, tell_list
from tests.apps.schedules.test_targets import tell
from tests.conftest import Browse
from tests.fakes import FakeApi, page


def test_a_zone_that_is_none_once_looked_at_again(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/schedules", page([listed_json(schedule_json())]))
    tell_list(fake_api, schedule_json(timezone="a" * 5000))
    assert "Week" in html(browser, "/schedules/week/")


@pytest.mark.parametrize("strange", [[], ["x"], "x", 1])
def test_options_and_inputs_of_another_shape(
    browser: Browse, fake_api: FakeApi, strange: Any
) -> None:
    action = {"id": "a", "type": "RUN_ACTOR_TASK", "actorTaskId": TASK_ID}
    tell(fake_api, actions=[action | {"runOptions": strange, "runInput": strange}])
    assert "a" in html(browser, f"{PAGE}targets/a/")
