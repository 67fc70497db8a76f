"""Pages of Actors, builds, runs and operations, told by the tests of those pages."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.operations.models import Intent
from apps.team.models import User, Workspace
from tests.apps.actors import test_pages as actors
from tests.apps.actors.test_source import tell as source
from tests.apps.builds import test_pages as builds
from tests.apps.runs import test_compare as compared
from tests.apps.runs import test_pages as runs
from tests.console.forms.every import EVERY
from tests.fakes import (
    ACTOR_ID,
    BUILD_ID,
    RUN_ID,
    FakeApi,
    actor_json,
    build_json,
    me_json,
    page,
    run_json,
)

STATUSES = ("RUNNING", "READY", "SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED")


def run_rows() -> list[dict[str, Any]]:
    now = timezone.now()
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


def form(api: FakeApi) -> None:
    actors.tell(api, EVERY)
    for kind in ("datasets", "key-value-stores"):
        api.data("GET", f"/v2/{kind}", page([]))
    api.data("GET", "/v2/users/me", me_json())


def earlier(api: FakeApi) -> None:
    """With which a run that has ended is compared."""
    others = [run_json(id=f"HG7ML7M8z78YcAPE{number}") for number in range(3)]
    api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page(others))


def finished(api: FakeApi) -> None:
    earlier(api)
    log = "2026-01-01T00:00:00.000Z \x1b[32mINFO\x1b[0m fine\n2026-01-01T00:00:01.000Z ERROR bad\n"
    runs.tell(api, log, status="SUCCEEDED", items=[{"a": 1, "b": "text"}], buildId=BUILD_ID)
    record = f"{runs.API}/key-value-store/records/INPUT"
    api.raw("GET", record, json.dumps({"a": 1}).encode())
    api.data("GET", f"/v2/actor-builds/{BUILD_ID}", {"id": BUILD_ID})


def under_way(api: FakeApi) -> None:
    runs.tell(api, status="RUNNING", finishedAt=None, exitCode=None)


def readable(api: FakeApi) -> None:
    earlier(api)
    runs.tell(api, generalAccess="RESTRICTED")


def charging(api: FakeApi) -> None:
    earlier(api)
    event = {"eventTitle": "A page", "eventPriceUsd": 0.25}
    runs.tell(
        api,
        pricingInfo={"pricingPerEvent": {"actorChargeEvents": {"page": event}}},
        chargedEventCounts={"page": 6},
    )


def listed(api: FakeApi) -> None:
    long = actor_json(id=f"{ACTOR_ID[:-1]}2", title="A" * 60, description="Crawls. " * 40)
    api.data("GET", "/v2/acts", page([actor_json(), long]))
    api.data("GET", "/v2/actor-runs", page(run_rows()))
    built = [build_json(), build_json(id=f"{BUILD_ID[:-1]}2", status="RUNNING", finishedAt=None)]
    api.data("GET", "/v2/actor-builds", page(built))


def described(api: FakeApi) -> None:
    actors.tell(api, EVERY, readme="# Crawler\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code`\n")
    api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page(run_rows()))


def nothing(api: FakeApi) -> None:
    api.data("GET", "/v2/acts", page([]))
    api.data("GET", "/v2/actor-runs", page([]))


def built(api: FakeApi) -> None:
    builds.tell(api, tags=["latest", "beta"])


def asked(api: FakeApi) -> None:
    """An operation of vera's whose answer was lost."""
    Intent.objects.create(
        pk=1,
        user=User.objects.get(username="vera"),
        workspace=Workspace.objects.get(),
        key="k",
        kind="run.start",
        state="asked",
        subject="Site crawler",
        target_id=ACTOR_ID,
        mark="intent/x",
        sent_at=timezone.now(),
        object_kind="run",
    )
    api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([]))


def going_on(api: FakeApi) -> None:
    asked(api)
    api.data("GET", "/v2/acts", page([actor_json()]))
    running = run_json(status="RUNNING", finishedAt=None)
    api.data("GET", f"/v2/actor-runs/{RUN_ID}", running)


WORK_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "actors": ("luke", "/actors/", listed),
    "no actors": ("vera", "/actors/", nothing),
    "runs": ("luke", "/runs/", listed),
    "runs of a filter": ("olga", "/runs/?status=FAILED,TIMED-OUT&started=week&all=1", listed),
    "runs compared": ("vera", compared.PAGE, compared.tell),
    "no runs of a filter": ("vera", "/runs/?status=FAILED", nothing),
    "no runs": ("luke", "/runs/", nothing),
    "builds": ("vera", "/builds/", listed),
    "build": ("ada", f"/builds/{BUILD_ID}/", built),
    "operations of a person": ("vera", "/operations/", going_on),
    "tell me": ("vera", f"/operations/tell/run/{RUN_ID}/", going_on),
    "operation": ("vera", "/operations/1/", asked),
    "actor information": ("vera", f"{actors.PAGE}information/", described),
    "actor runs": ("vera", f"{actors.PAGE}runs/", described),
    "actor settings": ("vera", f"{actors.PAGE}settings/", described),
    "actor input": ("luke", actors.PAGE, form),
    "actor input as JSON": ("luke", f"{actors.PAGE}?view=json", form),
    "actor builds": ("olga", f"{actors.PAGE}builds/", form),
    "actor source": ("vera", f"{actors.PAGE}source/", source),
    "run": ("olga", runs.PAGE, finished),
    "run output": ("olga", f"{runs.PAGE}output/", finished),
    "run under way": ("olga", runs.PAGE, under_way),
    "run log": ("olga", f"{runs.PAGE}log/", finished),
    "run that charges": ("olga", f"{runs.PAGE}log/", charging),
    "run with its readers": ("olga", f"{runs.PAGE}log/?dialog=access", readable),
    "run metamorph": ("olga", f"{runs.PAGE}metamorph/", charging),
    "run resurrect": ("olga", f"{runs.PAGE}resurrect/options/", finished),
    "run input": ("olga", f"{runs.PAGE}input/", finished),
    "run storage": ("olga", f"{runs.PAGE}storage/", finished),
}
