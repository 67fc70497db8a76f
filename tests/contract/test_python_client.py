"""`apify-client` from PyPI, from end to end."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from apify_client import ApifyClient, ApifyClientAsync
from apify_client.errors import InvalidRequestError, NotFoundError, UnauthorizedError

from tests.stack import Stack

pytestmark = pytest.mark.processes

NOW = "2026-11-24T12:00:00.000Z"
SOURCE = {
    "versionNumber": "0.1",
    "sourceType": "SOURCE_FILES",
    "buildTag": "latest",
    "sourceFiles": [{"name": "main.py", "format": "TEXT", "content": "print('hi')"}],
}


def call(client: ApifyClient, actor: str, **given: Any) -> Any:
    run = client.actor(actor).call(run_input=given, logger=None)
    assert run is not None
    return run


def test_the_account(client: ApifyClient, stack: Stack) -> None:
    user = client.user().get()
    assert user is not None
    assert user.username == stack.username
    limits = client.user().limits()
    assert limits is not None


def test_a_wrong_token_is_unauthorized(stack: Stack) -> None:
    stranger = ApifyClient("apify_api_wrong", api_url=stack.api_url)
    with pytest.raises(UnauthorizedError):
        stranger.user().get()


def test_actors_are_made_listed_changed_and_deleted(client: ApifyClient) -> None:
    made = client.actors().create(name="contract", title="Contract", versions=[SOURCE])
    actor = client.actor(made.id)
    assert made.id in [each.id for each in client.actors().list(my=True, limit=100).items]
    changed = actor.update(title="Changed", description="As the client does it")
    assert (changed.title, changed.name) == ("Changed", "contract")
    same = client.actor(f"{made.username}/contract").get()
    assert same is not None
    assert same.id == made.id
    actor.delete()
    assert actor.get() is None


def test_versions_and_their_variables(client: ApifyClient) -> None:
    actor = client.actor(client.actors().create(name="versions", versions=[SOURCE]).id)
    added = actor.versions().create(
        version_number="1.2", source_type="SOURCE_FILES", source_files=SOURCE["sourceFiles"]
    )
    assert added.version_number == "1.2"
    assert actor.versions().list().total == 2
    names = actor.version("1.2").env_vars()
    names.create(name="SECRET", value="canary", is_secret=True)
    names.create(name="PLAIN", value="seen")
    shown = {each.name: each.value for each in names.list().items}
    assert shown["PLAIN"] == "seen"
    assert shown["SECRET"] != "canary"
    actor.version("1.2").env_var("PLAIN").delete()
    actor.version("1.2").delete()
    assert actor.versions().list().total == 1
    actor.delete()


def test_a_build_from_start_to_its_log(client: ApifyClient) -> None:
    actor = client.actor(client.actors().create(name="builds", versions=[SOURCE]).id)
    started = actor.build(version_number="0.1")
    build = client.build(started.id).wait_for_finish()
    assert build is not None
    assert build.status == "SUCCEEDED"
    assert build.build_number.startswith("0.1.")
    assert client.log(build.id).get()
    assert started.id in [each.id for each in actor.builds().list().items]
    default = actor.default_build().get()
    assert default is not None
    assert default.id == build.id
    actor.delete()


def test_a_call_gives_items_output_and_log(client: ApifyClient, pusher: str) -> None:
    run = call(client, pusher, count=4)
    assert run.status == "SUCCEEDED"
    assert run.exit_code == 0
    of_run = client.run(run.id)
    assert [item["n"] for item in of_run.dataset().list_items().items] == [0, 1, 2, 3]
    output = of_run.key_value_store().get_record("OUTPUT")
    assert output is not None
    assert output["value"] == {"pushed": 4}
    assert "pushing 4 items" in (of_run.log().get() or "")
    with client.log(run.id).stream() as log:
        assert log is not None
        assert b"pushing 4 items" in b"".join(log.iter_bytes())
    last = client.actor(pusher).last_run(status="SUCCEEDED").get()
    assert last is not None
    assert last.id == run.id
    assert run.id in [each.id for each in client.runs().list(desc=True).items]


def test_a_failing_run_tells_its_exit_code(client: ApifyClient, pusher: str) -> None:
    run = call(client, pusher, exit=7)
    assert (run.status, run.exit_code) == ("FAILED", 7)


def test_a_run_is_aborted_resurrected_and_deleted(client: ApifyClient, pusher: str) -> None:
    started = client.actor(pusher).start(run_input={}, memory_mbytes=256)
    client.run(started.id).abort()
    run = client.run(started.id).wait_for_finish()
    assert run is not None
    assert run.status in {"ABORTED", "SUCCEEDED"}
    again = client.run(started.id).resurrect()
    assert again.id == started.id
    ended = client.run(started.id).wait_for_finish(wait_duration=timedelta(seconds=60))
    assert ended is not None
    assert ended.status == "SUCCEEDED"
    client.run(started.id).delete()
    assert client.run(started.id).get() is None


def test_datasets(client: ApifyClient) -> None:
    made = client.datasets().get_or_create(name="contract-items")
    dataset = client.dataset(made.id)
    dataset.push_items([{"a": n, "#h": 1, "s": f"=s{n}"} for n in range(50)])
    dataset.push_items({"a": 50})
    dataset.push_items('{"a": 51}')
    page = dataset.list_items(offset=48, limit=3, fields=["a"])
    assert [item["a"] for item in page.items] == [48, 49, 50]
    assert (page.total, page.offset, page.count) == (52, 48, 3)
    assert dataset.list_items(desc=True, limit=1).items == [{"a": 51}]
    assert "#h" not in dataset.list_items(clean=True, limit=1).items[0]
    assert len(list(dataset.iterate_items())) == 52
    table = dataset.get_items_as_bytes(item_format="csv", fields=["a", "s"]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[:2] == [["a", "s"], ["0", "=s0"]]
    with dataset.stream_items(item_format="jsonl") as stream:
        assert stream is not None
        assert b"".join(stream.iter_bytes()).count(b"\n") >= 51
    renamed = dataset.update(name="contract-items-2")
    assert renamed.name == "contract-items-2"
    assert client.datasets().get_or_create(name="contract-items-2").id == made.id
    dataset.delete()
    assert dataset.get() is None


def test_a_push_of_nine_megabytes(client: ApifyClient) -> None:
    dataset = client.dataset(client.datasets().get_or_create().id)
    dataset.push_items([{"text": "x" * 1_000_000} for _ in range(9)])
    assert dataset.list_items(limit=1, offset=8).total == 9


def test_key_value_stores(client: ApifyClient) -> None:
    made = client.key_value_stores().get_or_create(name="contract-store")
    store = client.key_value_store(made.id)
    store.set_record("json", {"a": [1.5, None]})
    store.set_record("text", "ř", content_type="text/plain; charset=utf-8")
    store.set_record("bytes", b"\x00\x01", content_type="application/octet-stream")
    for key, value in {"json": {"a": [1.5, None]}, "text": "ř", "bytes": b"\x00\x01"}.items():
        record = store.get_record(key)
        assert record is not None
        assert record["value"] == value
    assert store.record_exists("json")
    assert not store.record_exists("none")
    assert store.get_record("none") is None
    assert [each.key for each in store.iterate_keys()] == ["bytes", "json", "text"]
    first = store.list_keys(limit=2)
    assert (first.is_truncated, first.next_exclusive_start_key) == (True, "json")
    store.delete_record("json")
    assert store.get_record("json") is None
    store.delete()
    assert store.get() is None


def test_request_queues(client: ApifyClient) -> None:
    made = client.request_queues().get_or_create(name="contract-queue")
    queue = client.request_queue(made.id, client_key="contract")
    first = queue.add_request({"url": "https://a.test/1", "uniqueKey": "1"})
    assert not first.was_already_present
    assert queue.add_request({"url": "https://a.test/1", "uniqueKey": "1"}).was_already_present
    more: Any = [{"url": f"https://a.test/{n}", "uniqueKey": str(n)} for n in range(2, 40)]
    added = queue.batch_add_requests(more)
    assert len(added.processed_requests) == 38
    assert len(queue.list_head(limit=5).items) == 5
    locked = queue.list_and_lock_head(lock_duration=timedelta(seconds=60), limit=2)
    assert [each.unique_key for each in locked.items] == ["1", "2"]
    prolonged = queue.prolong_request_lock(locked.items[0].id, lock_duration=timedelta(seconds=120))
    assert prolonged is not None
    queue.delete_request_lock(locked.items[1].id)
    request = queue.get_request(locked.items[0].id)
    assert request is not None
    handled: Any = {"id": request.id, "url": request.url, "uniqueKey": "1", "handledAt": NOW}
    queue.update_request(handled)
    told = queue.get()
    assert told is not None
    assert (told.total_request_count, told.handled_request_count) == (39, 1)
    assert len(queue.list_requests(limit=100).items) == 39
    last: Any = [{"uniqueKey": "39"}]
    queue.batch_delete_requests(last)
    queue.delete()
    assert queue.get() is None


def test_errors_have_the_client_s_own_classes(client: ApifyClient) -> None:
    assert client.dataset("no-such-dataset").get() is None
    with pytest.raises(NotFoundError):
        client.dataset("no-such-dataset").list_items()
    with pytest.raises(InvalidRequestError):
        client.actors().create(name="not a name!")


async def test_the_asynchronous_client(stack: Stack, pusher: str) -> None:
    client = ApifyClientAsync(stack.api_token, api_url=stack.api_url, api_public_url=stack.api_url)
    run = await client.actor(pusher).call(run_input={"count": 2}, logger=None)
    assert run is not None
    page = await client.dataset(run.default_dataset_id).list_items()
    assert [item["n"] for item in page.items] == [0, 1]
    assert [item["n"] async for item in client.dataset(run.default_dataset_id).iterate_items()]
