"""`apify-client` from PyPI: the families of calls besides Actors, runs and storages."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from apify_client import ApifyClient

from tests.stack import Stack, wait_for

pytestmark = pytest.mark.processes
NOW = "2026-11-24T12:00:00.000Z"
QUEUED = 40
WORKERS = 4


def fetched(url: str) -> httpx.Response:
    """As somebody who has the link and nothing else."""
    return httpx.get(url, trust_env=False, timeout=30)


def test_usage_and_limits_of_the_account(client: ApifyClient, pusher: str) -> None:
    assert client.actor(pusher).call(run_input={}, logger=None)
    month = client.user().monthly_usage()
    assert month is not None
    assert month.monthly_service_usage
    limits = client.user().limits()
    assert limits is not None
    client.user().update_limits(max_monthly_usage_usd=1234, data_retention_days=20)
    changed = client.user().limits()
    assert changed is not None
    assert changed.limits.max_monthly_usage_usd == 1234
    assert changed.limits.data_retention_days == 20
    client.user().update_limits(
        max_monthly_usage_usd=int(limits.limits.max_monthly_usage_usd),
        data_retention_days=limits.limits.data_retention_days,
    )


def test_the_store(client: ApifyClient, pusher: str) -> None:
    client.actor(pusher).update(is_public=True, title="Pusher of numbers", categories=["AI"])
    found = client.store().list(search="pusher of numbers", limit=5).items
    assert [each.id for each in found] == [pusher]
    assert [each.id for each in client.store().iterate(category="AI")] == [pusher]
    client.actor(pusher).update(is_public=False)
    assert client.store().list(search="pusher of numbers").items == []


def test_links_that_need_no_token(client: ApifyClient) -> None:
    dataset = client.dataset(client.datasets().get_or_create(name="linked").id)
    dataset.update(general_access="RESTRICTED")
    dataset.push_items([{"n": n, "s": "x"} for n in range(5)])
    link = dataset.create_items_public_url(limit=2, offset=1, fields=["n"])
    assert fetched(link).json() == [{"n": 1}, {"n": 2}]
    assert not fetched(link.replace("signature=", "signature=0")).is_success
    store = client.key_value_store(client.key_value_stores().get_or_create(name="linked").id)
    store.update(general_access="RESTRICTED")
    store.set_record("a-key", {"a": 1})
    assert fetched(store.get_record_public_url("a-key")).json() == {"a": 1}
    keys = fetched(store.create_keys_public_url(expires_in=timedelta(minutes=5))).json()["data"]
    assert [each["key"] for each in keys["items"]] == ["a-key"]
    dataset.delete()
    store.delete()
    assert fetched(link).status_code == 404


def test_a_queue_that_several_clients_empty(stack: Stack) -> None:
    """Each request is locked by one of them and handled once."""
    owner = ApifyClient(stack.api_token, api_url=stack.api_url, api_public_url=stack.api_url)
    queue_id = owner.request_queues().get_or_create(name="shared-queue").id
    wanted: Any = [{"url": f"https://a.test/{n}", "uniqueKey": str(n)} for n in range(QUEUED)]
    assert not owner.request_queue(queue_id).batch_add_requests(wanted).unprocessed_requests

    def work(name: str) -> list[str]:
        client = ApifyClient(stack.api_token, api_url=stack.api_url, api_public_url=stack.api_url)
        queue, done = client.request_queue(queue_id, client_key=name), []
        while head := queue.list_and_lock_head(lock_duration=timedelta(seconds=60), limit=3).items:
            for each in head:
                request = queue.get_request(each.id)
                assert request is not None
                handled: Any = {"id": request.id, "url": request.url, "handledAt": NOW}
                queue.update_request(handled | {"uniqueKey": request.unique_key})
                done.append(request.unique_key)
        return done

    with ThreadPoolExecutor(WORKERS) as pool:
        parts = list(pool.map(work, [f"client-{n}" for n in range(WORKERS)]))
    handled = [key for part in parts for key in part]
    assert sorted(handled, key=int) == [str(n) for n in range(QUEUED)]
    told = owner.request_queue(queue_id).get()
    assert told is not None
    assert (told.handled_request_count, told.had_multiple_clients) == (QUEUED, True)
    owner.request_queue(queue_id).delete()


def test_a_log_is_followed_while_the_run_goes_on(
    client: ApifyClient, pusher: str, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("followed")
    run = client.actor(pusher).start(run_input={"count": 6})
    with caplog.at_level(logging.INFO, "followed"), client.run(run.id).get_streamed_log(logger):
        assert client.run(run.id).wait_for_finish()
        wait_for(lambda: "pushing 6 items" in caplog.text, 20)


def test_a_run_tells_its_status_and_shows_its_storages(client: ApifyClient, pusher: str) -> None:
    run = client.actor(pusher).call(run_input={"count": 3}, logger=None)
    assert run is not None
    of_run = client.run(run.id)
    changed = of_run.update(status_message="Looked at", general_access="ANYONE_WITH_ID_CAN_READ")
    assert changed.status_message == "Looked at"
    assert [item["n"] for item in of_run.iterate_dataset_items()] == [0, 1, 2]
    queue = of_run.request_queue().get()
    assert queue is not None
    assert queue.act_run_id == run.id
    statistics = of_run.dataset().get_statistics()
    assert statistics is not None
    shown = json.loads(of_run.dataset().get_items_as_bytes(item_format="json"))
    assert len(shown) == 3
