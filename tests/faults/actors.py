"""Small Actors in plain Python for the fault tests."""

import json
from typing import Any

import httpx

from tests.stack import wait_for

CALL = """
import json, os, sys, time, urllib.request
API, TOKEN = os.environ["APIFY_API_BASE_URL"].rstrip("/"), os.environ["APIFY_TOKEN"]
def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/json"}
    request = urllib.request.Request(API + "/v2/" + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()
"""

# Counts on over restarts: the place where it stands is a record in its own store.
COUNTER = (
    CALL
    + """
store = os.environ["ACTOR_DEFAULT_KEY_VALUE_STORE_ID"]
try:
    done = json.loads(call("GET", f"key-value-stores/{store}/records/DONE"))
except Exception:
    done = 0
last = json.loads(call("GET", f"key-value-stores/{store}/records/INPUT")).get("last", 20)
while done < last:
    print("line", done, flush=True)
    call("PUT", f"key-value-stores/{store}/records/DONE", done + 1)
    done += 1
    time.sleep(0.2)
"""
)

SLEEPER = "import time\nprint('asleep', flush=True)\ntime.sleep(120)\n"


def make(api: httpx.Client, name: str, code: str) -> str:
    """The id of a built Actor with one file of plain Python."""
    found = api.get(f"actors/~{name}")
    if found.status_code == 200:
        return str(found.json()["data"]["id"])
    source = {
        "versionNumber": "0.0",
        "sourceType": "SOURCE_FILES",
        "buildTag": "latest",
        "sourceFiles": [{"name": "main.py", "format": "TEXT", "content": code}],
    }
    made = api.post("actors", json={"name": name, "versions": [source]})
    assert made.status_code == 201, made.text
    actor = str(made.json()["data"]["id"])
    build = api.post(f"actors/{actor}/builds?version=0.0&waitForFinish=60").json()["data"]
    assert build["status"] == "SUCCEEDED", api.get(f"logs/{build['id']}").text
    return actor


def start(api: httpx.Client, actor: str, value: Any = None) -> str:
    headers = {"Content-Type": "application/json"}
    body = json.dumps({} if value is None else value)
    answer = api.post(f"actors/{actor}/runs", content=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["data"]["id"])


def said(api: httpx.Client, run: str, text: str) -> None:
    """Waits until the run's log holds `text`."""
    wait_for(lambda: text in api.get(f"logs/{run}").text)
