"""One page of every type, each with what the API must answer for it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browser.storage_pages import STORAGE_PAGES
from tests.browser.work_pages import WORK_PAGES
from tests.fakes import ACTOR_ID, FakeApi, actor_json, page, run_json

Tell = Callable[[FakeApi], None]
STATUSES = ("RUNNING", "READY", "SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED")


def runs() -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    return [
        run_json(
            id=f"HG7ML7M8z78YcAPE{number}",
            status=status,
            statusMessage="Crawled 3,412 of 5,120 pages, 6 retries at https://shop.example/p/88120",
            startedAt=(now - timedelta(minutes=7 * number)).isoformat(),
            finishedAt=None if number < 2 else (now - timedelta(minutes=6 * number)).isoformat(),
        )
        for number, status in enumerate(STATUSES)
    ]


def shell(api: FakeApi) -> None:
    """What every page's frame asks for."""
    figures = {
        "limits": {"maxActorMemoryGbytes": 16, "maxMonthlyUsageUsd": 60},
        "current": {"actorMemoryGbytes": 9, "monthlyUsageUsd": 58.12},
    }
    api.data("GET", "/v2/users/me/limits", figures)


def home(api: FakeApi) -> None:
    shell(api)
    actors = [actor_json(), actor_json(id=f"{ACTOR_ID[:-1]}2", title="A" * 60)]
    api.data("GET", "/v2/acts", page(actors))
    api.data("GET", "/v2/actor-runs", page(runs()))


def empty_home(api: FakeApi) -> None:
    shell(api)
    api.data("GET", "/v2/acts", page([]))
    api.data("GET", "/v2/actor-runs", page([]))


PAGES: dict[str, tuple[str, str, Tell]] = {
    "home": ("ada", "/", home),
    "home of an empty workspace": ("luke", "/", empty_home),
    "styleguide": ("ada", "/styleguide/", shell),
    "styleguide with its dialog": ("ada", "/styleguide/?dialog=sample", shell),
    "sign in": ("", "/sign-in/", shell),
    "settings": ("vera", "/settings/", shell),
    "operations": ("vera", "/operations/", shell),
    "nothing there": ("vera", "/no-such-page/", shell),
}


def framed(tell: Tell) -> Tell:
    def both(api: FakeApi) -> None:
        shell(api)
        tell(api)

    return both


PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in STORAGE_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in WORK_PAGES.items()}
