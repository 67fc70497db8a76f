"""Who can read a run or storage: shown where the ids are, changed by those who may."""

import pytest

from apps.team.models import AuditEntry
from tests.apps.runs.test_pages import tell as tell_run
from tests.conftest import Browse
from tests.fakes import (
    DATASET_ID,
    QUEUE_ID,
    RUN_ID,
    STORE_ID,
    FakeApi,
    dataset_json,
    queue_json,
    store_json,
)

EACH = pytest.mark.parametrize(
    ("kind", "its_id", "at"),
    [
        ("actor-runs", RUN_ID, "/runs"),
        ("datasets", DATASET_ID, "/storage/datasets"),
        ("key-value-stores", STORE_ID, "/storage/key-value-stores"),
        ("request-queues", QUEUE_ID, "/storage/request-queues"),
    ],
)
LEVEL = "ANYONE_WITH_ID_CAN_READ"


def tell(api: FakeApi, kind: str, level: str | None) -> None:
    if kind == "actor-runs":
        tell_run(api, generalAccess=level)
        return
    pages = {
        "datasets": (DATASET_ID, dataset_json, "items", b"[]"),
        "key-value-stores": (STORE_ID, store_json, "keys", b'{"data":{"items":[]}}'),
        "request-queues": (QUEUE_ID, queue_json, "requests", b'{"data":{"items":[]}}'),
    }
    its_id, made, inside, content = pages[kind]
    api.data("GET", f"/v2/{kind}/{its_id}", made(generalAccess=level, actId=None, actRunId=None))
    api.raw("GET", f"/v2/{kind}/{its_id}/{inside}", content)


@EACH
def test_it_is_shown_and_can_be_changed(
    browser: Browse, fake_api: FakeApi, kind: str, its_id: str, at: str
) -> None:
    tell(fake_api, kind, "RESTRICTED")
    shown = browser("olga").get(f"{at}/{its_id}/?dialog=access").content.decode()
    assert 'value="RESTRICTED" id="access-RESTRICTED"' in shown
    assert '<dialog class="dialog" id="access" aria-labelledby="access-title" open>' in shown
    fake_api.data("PUT", f"/v2/{kind}/{its_id}", {"id": its_id})
    answer = browser("olga").post(f"{at}/{its_id}/access/", {"level": LEVEL})
    assert (answer.status_code, answer["Location"]) == (303, f"{at}/{its_id}/")
    [call] = fake_api.made("PUT", f"/v2/{kind}/{its_id}")
    assert call.json() == {"generalAccess": LEVEL}
    written = {"access": LEVEL, "of": f"{kind}/{its_id}", "page": f"{at}/{its_id}/"}
    assert AuditEntry.objects.get().after == written
    assert (
        f'<a href="{at}/{its_id}/">{its_id}</a>' in browser("vera").get("/team/").content.decode()
    )


@EACH
@pytest.mark.parametrize(("level", "said"), [("RESTRICTED", True), (None, False)])
def test_a_viewer_reads_what_the_api_tells(
    browser: Browse,
    fake_api: FakeApi,
    kind: str,
    its_id: str,
    *,
    at: str,
    level: str | None,
    said: bool,
) -> None:
    tell(fake_api, kind, level)
    shown = browser("vera").get(f"{at}/{its_id}/?dialog=access").content.decode()
    assert (">Access: restricted</span>" in shown) is said
    assert 'id="access"' not in shown


@EACH
def test_it_refuses_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, kind: str, its_id: str, at: str
) -> None:
    url = f"{at}/{its_id}/access/"
    assert browser("olga").get(url).status_code == 405
    for name, status in {"vera": 403, "luke": 403, "eve": 403, "": 302}.items():
        assert browser(name).post(url, {"level": LEVEL}).status_code == status
    assert not fake_api.calls


@EACH
def test_what_is_gone_and_what_the_api_refuses(
    browser: Browse, fake_api: FakeApi, kind: str, its_id: str, at: str
) -> None:
    api = f"/v2/{kind}/{its_id}"
    fake_api.error("PUT", api, 404, "record-not-found", "Not there.")
    fake_api.error("PUT", api, 400, "invalid-value", "No such level.")
    url = f"{at}/{its_id}/access/"
    assert browser("olga").post(url, {"level": LEVEL}).status_code == 404
    refused = browser("olga").post(url, {"level": "x"})
    assert (refused.status_code, b"No such level." in refused.content) == (400, True)
    assert not AuditEntry.objects.exists()
