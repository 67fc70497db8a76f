"""Actors written with the official SDKs, unchanged, from build to end."""

import json
from typing import Any

import httpx
import pytest

from tests.platform.engine.conftest import Machine

PYTHON = """
import asyncio
from apify import Actor, Event, Webhook

async def main():
    async with Actor:
        given = await Actor.get_input()
        kept = []
        Actor.on(Event.PERSIST_STATE, lambda data: kept.append(data))
        Actor.on(Event.SYSTEM_INFO, lambda data: kept.append(data))
        Actor.log.info(f"given {given}")
        if given.get("charge"):
            result = await Actor.charge("page", count=given["charge"])
            Actor.log.info(f"charged {result.charged_count}")
            return
        if given.get("proxy"):
            await Actor.create_proxy_configuration(actor_proxy_input={"useApifyProxy": True})
        if given.get("become"):
            await Actor.metamorph(given["become"], {"n": 7})
        if given.get("call"):
            await Actor.add_webhook(Webhook(**given["webhook"]))
            called = await Actor.call(given["call"], {"n": 2}, memory_mbytes=256)
            store = await Actor.open_key_value_store()
            await store.set_value("PAGE", "<p>seen</p>", content_type="text/html")
            items = Actor.apify_client.dataset(called.default_dataset_id).list_items()
            told = {"run": called.id, "items": (await items).items}
            await Actor.push_data(told | {"link": await store.get_public_url("PAGE")})
            return
        if given.get("reboot") and await Actor.get_value("SEEN") is None:
            await Actor.set_value("SEEN", 1)
            await Actor.reboot()
        if given.get("wait"):
            aborted = asyncio.Event()
            Actor.on(Event.ABORTING, lambda *_: aborted.set())
            Actor.log.info("waiting")
            await aborted.wait()
            await Actor.set_value("SAVED", 1)
            Actor.log.info("saved")
            return
        await Actor.push_data([{"n": n} for n in range(given["n"])])
        queue = await Actor.open_request_queue()
        await queue.add_request("https://example.com/")
        request = await queue.fetch_next_request()
        await queue.mark_request_as_handled(request)
        await Actor.set_value("OUTPUT", {"handled": request.url})
        await Actor.set_status_message("All done")

asyncio.run(main())
"""
NODE = """
import { Actor, log } from 'apify';
await Actor.init();
const given = await Actor.getInput();
log.info('given', given);
if (given.charge) {
    const result = await Actor.charge({ eventName: 'page', count: given.charge });
    log.info(`charged ${result.chargedCount}`);
    await Actor.exit();
}
if (given.proxy) await Actor.createProxyConfiguration({ useApifyProxy: true });
if (given.become) await Actor.metamorph(given.become, { n: 7 });
if (given.reboot && (await Actor.getValue('SEEN')) === null) {
    await Actor.setValue('SEEN', 1);
    await Actor.reboot();
}
if (given.wait) {
    Actor.on('aborting', async () => { await Actor.setValue('SAVED', 1); });
    log.info('waiting');
    await new Promise((resolve) => setTimeout(resolve, 100_000));
}
await Actor.pushData(Array.from({ length: given.n }, (_, n) => ({ n })));
const queue = await Actor.openRequestQueue();
await queue.addRequest({ url: 'https://example.com/' });
const request = await queue.fetchNextRequest();
await queue.markRequestHandled(request);
await Actor.setValue('OUTPUT', { handled: request.url });
await Actor.exit('All done');
"""
PACKAGE = {
    "name": "sdk",
    "type": "module",
    "scripts": {"start": "node main.js"},
    "dependencies": {"apify": "3.7.2"},
}


def text(name: str, content: str) -> dict[str, str]:
    return {"name": name, "format": "TEXT", "content": content}


@pytest.fixture(scope="module")
def python_actor(machine: Machine) -> str:
    files = [text("main.py", PYTHON), text("requirements.txt", "apify>=4.1,<5\n")]
    return machine.actor_of("sdk-python", files)


@pytest.fixture(scope="module")
def node_actor(machine: Machine) -> str:
    files = [text("main.js", NODE), text("package.json", json.dumps(PACKAGE))]
    return machine.actor_of("sdk-node", files)


def check_done(machine: Machine, run: Any, count: int) -> None:
    log = machine.log(run["id"])
    assert run["status"] == "SUCCEEDED", log
    assert run["exitCode"] == 0
    assert run["statusMessage"] == "All done"
    assert "Traceback" not in log
    path = f"actor-runs/{run['id']}"
    items = machine.ada.http.get(f"{path}/dataset/items").json()
    assert items == [{"n": n} for n in range(count)]
    output = machine.ada.http.get(f"{path}/key-value-store/records/OUTPUT").json()
    assert output == {"handled": "https://example.com/"}


def test_the_python_sdk_works_from_init_to_exit(machine: Machine, python_actor: str) -> None:
    check_done(machine, machine.run(python_actor, json={"n": 3}), 3)


def test_the_python_sdk_starts_while_redis_is_away(machine: Machine, python_actor: str) -> None:
    machine.redis.stop()
    try:
        check_done(machine, machine.run(python_actor, json={"n": 2}), 2)
    finally:
        machine.redis.start()


def test_rule_118_the_python_sdk_reboots(machine: Machine, python_actor: str) -> None:
    run = machine.run(python_actor, json={"n": 1, "reboot": True})
    check_done(machine, run, 1)
    assert machine.log(run["id"]).count("ACTOR: Starting.") == 2


def test_rule_111_the_python_sdk_metamorphs(machine: Machine, python_actor: str) -> None:
    target = machine.actor("sdk-target", "import os; print('key', os.environ['ACTOR_INPUT_KEY'])")
    run = machine.run(python_actor, json={"become": target})
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    assert "key INPUT-METAMORPH-1" in machine.log(run["id"])


def test_the_python_sdk_calls_an_actor_and_adds_a_webhook(
    machine: Machine, python_actor: str
) -> None:
    webhook = {"event_types": ["ACTOR.RUN.SUCCEEDED"], "request_url": "https://nowhere.invalid/"}
    run = machine.run(python_actor, json={"call": python_actor, "webhook": webhook})
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    path = f"actor-runs/{run['id']}/dataset/items"
    told = machine.ada.http.get(path).json()[0]
    assert told["items"] == [{"n": 0}, {"n": 1}]
    called = machine.ada.data("GET", f"actor-runs/{told['run']}")
    assert (called["status"], called["meta"]["origin"]) == ("SUCCEEDED", "ACTOR")
    assert httpx.get(told["link"], trust_env=False).text == "<p>seen</p>"
    added = machine.ada.data("GET", "webhooks?desc=1")["items"][0]
    assert (added["isAdHoc"], added["condition"]) == (True, {"actorRunId": run["id"]})


def test_rule_106_the_python_sdk_hears_a_graceful_abort(
    machine: Machine, python_actor: str
) -> None:
    run = machine.start(python_actor, json={"wait": True})
    machine.said(run, "waiting")
    machine.ada.data("POST", f"actor-runs/{run}/abort?gracefully=true")
    assert machine.end(run)["status"] == "ABORTED"
    assert "saved" in machine.log(run)


@pytest.mark.node
def test_the_node_sdk_works_from_init_to_exit(machine: Machine, node_actor: str) -> None:
    check_done(machine, machine.run(node_actor, json={"n": 3}), 3)


@pytest.mark.node
def test_rule_118_the_node_sdk_reboots(machine: Machine, node_actor: str) -> None:
    run = machine.run(node_actor, json={"n": 1, "reboot": True})
    check_done(machine, run, 1)
    assert run["stats"]["rebootCount"] == 1


@pytest.mark.node
def test_rule_111_the_node_sdk_metamorphs_into_a_python_one(
    machine: Machine, node_actor: str, python_actor: str
) -> None:
    run = machine.run(node_actor, json={"become": python_actor})
    check_done(machine, run, 7)
    assert run["actId"] == node_actor
    assert run["stats"]["metamorph"] == 1


PRICING = {
    "pricingModel": "PAY_PER_EVENT",
    "pricingPerEvent": {
        "actorChargeEvents": {"page": {"eventTitle": "Page", "eventPriceUsd": 0.5}}
    },
}


@pytest.mark.node
@pytest.mark.parametrize("kind", ["python_actor", "node_actor"])
def test_the_sdks_are_told_that_there_is_no_proxy(
    machine: Machine, request: pytest.FixtureRequest, kind: str
) -> None:
    run = machine.run(request.getfixturevalue(kind), json={"n": 1, "proxy": True})
    assert run["status"] == "FAILED"
    assert "This Platform has no proxy servers." in machine.log(run["id"])
    assert "timed out" not in machine.log(run["id"])


@pytest.mark.node
@pytest.mark.parametrize("kind", ["python_actor", "node_actor"])
def test_the_sdks_charge_within_the_limit(
    machine: Machine, request: pytest.FixtureRequest, kind: str
) -> None:
    actor = request.getfixturevalue(kind)
    machine.ada.data("PUT", f"acts/{actor}", json={"pricingInfos": [PRICING]})
    run = machine.run(actor, "maxTotalChargeUsd=1", json={"charge": 5})
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    assert "charged " in machine.log(run["id"])
    assert run["chargedEventCounts"] == {"page": 2}  # the Node SDK would go one beyond
    machine.ada.data("PUT", f"acts/{actor}", json={"pricingInfos": []})


@pytest.mark.node
def test_rule_106_the_node_sdk_hears_a_graceful_abort(machine: Machine, node_actor: str) -> None:
    run = machine.start(node_actor, json={"wait": True})
    machine.said(run, "waiting")
    machine.ada.data("POST", f"actor-runs/{run}/abort?gracefully=true")
    assert machine.end(run)["status"] == "ABORTED"
    saved = f"actor-runs/{run}/key-value-store/records/SAVED"
    assert machine.ada.http.get(saved).status_code == 200, machine.log(run)
