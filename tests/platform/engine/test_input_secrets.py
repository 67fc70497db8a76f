"""The official SDKs decrypt secret input by themselves; a plain program reads what is stored."""

import json

import pytest

from tests.platform.engine.conftest import Machine
from tests.platform.engine.test_sdk import PACKAGE, text

SCHEMA = {
    "title": "T",
    "type": "object",
    "schemaVersion": 1,
    "properties": {
        "key": {"title": "K", "type": "string", "description": "K", "isSecret": True},
        "login": {"title": "L", "type": "object", "description": "L", "isSecret": True},
    },
}
GIVEN = {"key": "canary-ž", "login": {"pass": [1, "canary"]}, "open": 1}
PYTHON = """
import asyncio
from apify import Actor

async def main():
    async with Actor:
        await Actor.push_data(await Actor.get_input())

asyncio.run(main())
"""
NODE = """
import { Actor } from 'apify';
await Actor.init();
await Actor.pushData(await Actor.getInput());
await Actor.exit();
"""
PLAIN = """
import os, urllib.request
base, store = os.environ["APIFY_API_BASE_URL"], os.environ["ACTOR_DEFAULT_KEY_VALUE_STORE_ID"]
url = f"{base}/v2/key-value-stores/{store}/records/INPUT?token={os.environ['APIFY_TOKEN']}"
print(urllib.request.urlopen(url).read().decode())
"""


def guarded(machine: Machine, name: str, *files: dict[str, str]) -> str:
    definition = {"actorSpecification": 1, "name": name, "version": "0.0", "input": SCHEMA}
    return machine.actor_of(name, [*files, text(".actor/actor.json", json.dumps(definition))])


def check(machine: Machine, actor: str) -> None:
    run = machine.run(actor, json=GIVEN)
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    path = f"actor-runs/{run['id']}"
    assert machine.ada.http.get(f"{path}/dataset/items").json() == [GIVEN]
    record = machine.ada.http.get(f"{path}/key-value-store/records/INPUT").text
    assert "canary" not in record
    assert "canary" not in machine.log(run["id"])


def test_the_python_sdk_decrypts(machine: Machine) -> None:
    requirements = text("requirements.txt", "apify>=4.1,<5\n")
    check(machine, guarded(machine, "secret-python", text("main.py", PYTHON), requirements))


@pytest.mark.node
def test_the_node_sdk_decrypts(machine: Machine) -> None:
    package = text("package.json", json.dumps(PACKAGE))
    check(machine, guarded(machine, "secret-node", text("main.js", NODE), package))


def test_a_plain_program_reads_ciphertext(machine: Machine) -> None:
    run = machine.run(guarded(machine, "secret-plain", text("main.py", PLAIN)), json=GIVEN)
    log = machine.log(run["id"])
    assert run["status"] == "SUCCEEDED", log
    assert '"key":"ENCRYPTED_VALUE:' in log
    assert "canary" not in log


def test_secrets_sent_before_the_build_is_done_are_sealed_in_time(machine: Machine) -> None:
    definition = {"actorSpecification": 1, "name": "late", "version": "0.0", "input": SCHEMA}
    files = [text("main.py", PLAIN), text(".actor/actor.json", json.dumps(definition))]
    version = {"versionNumber": "0.0", "sourceType": "SOURCE_FILES", "buildTag": "latest"}
    body = {"name": "secret-late", "versions": [{**version, "sourceFiles": files}]}
    actor = machine.ada.data("POST", "acts", json=body)["id"]
    machine.ada.data("POST", f"acts/{actor}/builds?version=0.0")
    run = machine.run(actor, json=GIVEN)
    log = machine.log(run["id"])
    assert run["status"] == "SUCCEEDED", log
    assert '"key":"ENCRYPTED_VALUE:' in log
