"""Pages of Actors and runs for the accessibility walk, told by the tests of those pages.

The list of runs is left out: it holds a stream, which this server does not have.
"""

import json
from collections.abc import Callable

from tests.apps.actors import test_pages as actors
from tests.apps.runs import test_pages as runs
from tests.fakes import BUILD_ID, FakeApi

EDITORS = {
    "type": "object",
    "properties": {
        "urls": {"title": "URLs", "type": "array", "editor": "requestListSources"},
        "words": {"title": "Words", "type": "array", "editor": "stringList"},
        "pairs": {"title": "Pairs", "type": "array", "editor": "keyValue"},
        "proxy": {"title": "Proxy", "type": "object", "editor": "proxy"},
        "day": {"title": "Day", "type": "string", "editor": "datepicker"},
        "key": {"title": "Key", "type": "string", "editor": "textfield", "isSecret": True},
        "code": {"title": "Code", "type": "string", "editor": "javascript"},
        "kind": {"title": "Kind", "type": "string", "enum": ["a", "b"], "description": "One."},
        "on": {"title": "On", "type": "boolean", "description": "Or off.", "default": True},
        "most": {"title": "Most", "type": "integer", "unit": "pages", "description": "At most."},
        "data": {"title": "Data", "type": "object", "sectionCaption": "More"},
    },
}


def form(api: FakeApi) -> None:
    actors.tell(api, EDITORS)


def finished(api: FakeApi) -> None:
    log = "2026-01-01T00:00:00.000Z \x1b[32mINFO\x1b[0m fine\n2026-01-01T00:00:01.000Z ERROR bad\n"
    runs.tell(api, log, status="SUCCEEDED", items=[{"a": 1, "b": "text"}], buildId=BUILD_ID)
    record = f"{runs.API}/key-value-store/records/INPUT"
    api.raw("GET", record, json.dumps({"a": 1}).encode())
    api.data("GET", f"/v2/actor-builds/{BUILD_ID}", {"id": BUILD_ID})


WORK_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "actor input": ("luke", actors.PAGE, form),
    "actor input as JSON": ("luke", f"{actors.PAGE}?view=json", form),
    "actor builds": ("olga", f"{actors.PAGE}builds/", form),
    "actor source": ("vera", f"{actors.PAGE}source/", form),
    "run output": ("olga", f"{runs.PAGE}output/", finished),
    "run log": ("olga", f"{runs.PAGE}log/", finished),
    "run input": ("olga", f"{runs.PAGE}input/", finished),
    "run storage": ("olga", f"{runs.PAGE}storage/", finished),
}
