"""Says hello in colour and stores a few rows; needs nothing but Python."""

import json
import os
import sys
import time
import urllib.request

API = os.environ["APIFY_API_BASE_URL"].rstrip("/") + "/v2/"
TOKEN = os.environ["APIFY_TOKEN"]
GREEN, YELLOW, RESET = "\x1b[32m", "\x1b[33m", "\x1b[0m"


def call(method: str, path: str, value: object = None) -> bytes:
    body = None if value is None else json.dumps(value).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(API + path, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


def main() -> None:
    print(f"{GREEN}INFO{RESET}  Hello from Python {sys.version.split()[0]}", flush=True)
    store = os.environ["ACTOR_DEFAULT_KEY_VALUE_STORE_ID"]
    dataset = os.environ["ACTOR_DEFAULT_DATASET_ID"]
    key = os.environ["ACTOR_INPUT_KEY"]
    given = json.loads(call("GET", f"key-value-stores/{store}/records/{key}") or b"{}")
    name, count = given.get("name", "world"), given.get("count", 3)
    for number in range(1, count + 1):
        greeting = f"Hello {name}, time {number}"
        print(f"{GREEN}INFO{RESET}  {greeting}", flush=True)
        call("POST", f"datasets/{dataset}/items", {"number": number, "greeting": greeting})
        time.sleep(given.get("pauseSecs", 0))
    if count == 0:
        print(f"{YELLOW}WARN{RESET}  Nothing to say", flush=True)
    call("PUT", f"key-value-stores/{store}/records/OUTPUT", {"greeted": name, "times": count})
    call("PUT", f"actor-runs/{os.environ['ACTOR_RUN_ID']}", {"statusMessage": f"Greeted {name}"})


main()
