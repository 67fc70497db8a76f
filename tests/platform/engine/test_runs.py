import json
import re

import pytest

from tests.faults.actors import CALL
from tests.platform.engine.conftest import Machine
from tests.stack import wait_for

SLEEP = "import time\nprint('asleep', flush=True)\ntime.sleep(100)\n"
OPTIONAL_STATS = {  # rule 128
    "memAvgBytes",
    "memMaxBytes",
    "memCurrentBytes",
    "cpuAvgUsage",
    "cpuMaxUsage",
    "cpuCurrentUsage",
    "netRxBytes",
    "netTxBytes",
    "durationMillis",
    "runTimeSecs",
    "metamorph",
}
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")


@pytest.fixture(scope="module")
def sleeper(machine: Machine) -> str:
    return machine.actor("sleeper", SLEEP)


def test_a_run_leaves_log_exit_code_statistics_and_cost(machine: Machine) -> None:
    code = "import sys\nprint('out')\nprint('err', file=sys.stderr)\n"
    code += "print('no end', end='')\nsys.exit(3)"
    run = machine.run(machine.actor("leaves", code), "memory=256")
    assert (run["status"], run["exitCode"]) == ("FAILED", 3)
    assert run["statusMessage"] == "The Actor ended with exit code 3"
    lines = machine.log(run["id"]).splitlines()
    assert all(LINE.match(line) for line in lines)
    assert [line[25:] for line in lines[-3:]] == ["out", "err", "no end"]
    assert run["stats"]["runTimeSecs"] > 0
    assert run["stats"]["memMaxBytes"] > 0
    assert run["stats"].keys() >= OPTIONAL_STATS
    assert run["usageTotalUsd"] == pytest.approx(sum(run["usageUsd"].values()))
    assert run["usageTotalUsd"] > 0


def test_rule_89_the_input_arrives_with_its_content_type(machine: Machine) -> None:
    actor = machine.actor("input", "pass")
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    run = machine.run(actor, content="žluťoučký".encode(), headers=headers)
    record = machine.ada.http.get(f"actor-runs/{run['id']}/key-value-store/records/INPUT")
    assert record.content.decode() == "žluťoučký"
    assert record.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_environment_holds_what_the_sdks_need_and_nothing_else(machine: Machine) -> None:
    code = "import os, json; print('ENV', json.dumps(dict(os.environ)))"
    env = [{"name": "OPEN", "value": "1"}, {"name": "SECRET", "value": "canary", "isSecret": True}]
    run = machine.run(machine.actor("environment", code, envVars=env))
    text = machine.log(run["id"])
    wanted = ["APIFY_IS_AT_HOME", "ACTOR_RUN_ID", "APIFY_TOKEN", "ACTOR_EVENTS_WEBSOCKET_URL"]
    wanted += ["APIFY_ACTOR_ID", "APIFY_ACTOR_RUN_ID", "APIFY_INPUT_KEY", "APIFY_MEMORY_MBYTES"]
    for name in wanted:
        assert f'"{name}"' in text
    assert '"SECRET": "canary"' in text
    assert '"OPEN": "1"' in text
    for name in ("CALLBOARD", "REDIS_URL", "DJANGO", "SSL_CERT"):
        assert name not in text


def test_rule_105_an_abort_ends_it_and_a_second_one_changes_nothing(
    machine: Machine, sleeper: str
) -> None:
    run = machine.start(sleeper)
    machine.said(run, "asleep")
    answer = machine.ada.data("POST", f"actor-runs/{run}/abort")
    assert answer["status"] in {"ABORTING", "ABORTED"}
    ended = machine.end(run)
    assert ended["status"] == "ABORTED"
    assert machine.ada.data("POST", f"actor-runs/{run}/abort") == ended


def test_rule_106_graceful_abort_lets_a_plain_program_end_by_itself(machine: Machine) -> None:
    code = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *a: (print('saved', flush=True), sys.exit(0)))\n"
        "print('asleep', flush=True)\ntime.sleep(100)\n"
    )
    run = machine.start(machine.actor("graceful", code))
    machine.said(run, "asleep")
    machine.ada.data("POST", f"actor-runs/{run}/abort?gracefully=1")
    assert machine.end(run)["status"] == "ABORTED"
    assert "saved" in machine.log(run)


def test_rule_91_a_timeout_is_kept_and_told(machine: Machine, sleeper: str) -> None:
    run = machine.run(sleeper, "timeout=1")
    assert run["status"] == "TIMED-OUT"
    assert "longer than its limit of 1 s" in run["statusMessage"]


def test_rule_119_reboot_starts_again_with_the_same_storages(machine: Machine) -> None:
    code = CALL + (
        "run = os.environ['ACTOR_RUN_ID']\n"
        "store = os.environ['ACTOR_DEFAULT_KEY_VALUE_STORE_ID']\n"
        "keys = json.loads(call('GET', f'key-value-stores/{store}/keys'))['data']['items']\n"
        "if any(k['key'] == 'SEEN' for k in keys):\n    print('second time'); sys.exit(0)\n"
        "call('PUT', f'key-value-stores/{store}/records/SEEN', 1)\n"
        "call('POST', f'actor-runs/{run}/reboot')\ntime.sleep(60)\nprint('must not be reached')\n"
    )
    run = machine.run(machine.actor("rebooter", code))
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    text = machine.log(run["id"])
    assert "second time" in text
    assert "must not be reached" not in text


def test_rules_108_112_metamorph_goes_on_as_another_actor(machine: Machine) -> None:
    target = machine.actor("butterfly", "import os; print('key', os.environ['ACTOR_INPUT_KEY'])")
    code = CALL + (
        "run = os.environ['ACTOR_RUN_ID']\n"
        f"call('POST', f'actor-runs/{{run}}/metamorph?targetActorId={target}', {{'a': 1}})\n"
        "time.sleep(60)\n"
    )
    actor = machine.actor("caterpillar", code)
    run = machine.run(actor)
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    assert run["actId"] == actor
    assert "key INPUT-METAMORPH-1" in machine.log(run["id"])
    path = f"actor-runs/{run['id']}/key-value-store/records/INPUT-METAMORPH-1"
    assert machine.ada.http.get(path).json() == {"a": 1}
    assert machine.ada.data("GET", f"acts/{target}/runs")["total"] == 0


def test_rules_115_117_resurrect_goes_on_with_other_options(machine: Machine) -> None:
    actor = machine.actor(
        "phoenix", "import os; print('memory', os.environ['ACTOR_MEMORY_MBYTES'])"
    )
    run = machine.run(actor, "memory=128")
    machine.ada.data("POST", f"actor-runs/{run['id']}/resurrect?memory=256")
    ended = machine.end(run["id"])
    assert ended["status"] == "SUCCEEDED"
    assert ended["stats"]["resurrectCount"] == 1
    assert "memory 128" in machine.log(run["id"])
    assert "memory 256" in machine.log(run["id"])
    query = "maxItems=7&maxTotalChargeUsd=1.5&timeout=50&restartOnError=1&build=0.0.1"
    machine.ada.data("POST", f"actor-runs/{run['id']}/resurrect?{query}")
    options = machine.end(run["id"])["options"]
    assert (options["maxItems"], options["maxTotalChargeUsd"]) == (7, 1.5)
    assert (options["timeoutSecs"], options["memoryMbytes"]) == (50, 256)
    assert (options["restartOnError"], options["build"]) == (True, "0.0.1")


def test_rule_103_only_a_finished_run_can_be_deleted(machine: Machine, sleeper: str) -> None:
    run = machine.start(sleeper)
    machine.said(run, "asleep")
    assert machine.ada.http.delete(f"actor-runs/{run}").status_code == 400
    machine.ada.data("POST", f"actor-runs/{run}/abort")
    dataset = machine.end(run)["defaultDatasetId"]
    assert machine.ada.http.delete(f"actor-runs/{run}").status_code == 204
    assert machine.ada.http.get(f"actor-runs/{run}").status_code == 404
    assert machine.ada.http.get(f"datasets/{dataset}").status_code == 404


def test_rule_121_the_actors_own_message_stays(machine: Machine) -> None:
    code = CALL + (
        "call('PUT', 'actor-runs/' + os.environ['ACTOR_RUN_ID'], {'statusMessage': 'All done'})\n"
    )
    run = machine.run(machine.actor("talks", code))
    assert run["statusMessage"] == "All done"
    assert run["isStatusMessageTerminal"] is None


def test_f08_runs_start_without_redis(machine: Machine) -> None:
    actor = machine.actor("offline", "print('ran')")
    machine.redis.stop()
    try:
        run = machine.run(actor)
    finally:
        machine.redis.start()
    assert run["status"] == "SUCCEEDED"
    assert machine.log(run["id"]).count("ran") == 1


def test_a_run_sees_its_statistics_grow(machine: Machine, sleeper: str) -> None:
    run = machine.start(sleeper)
    machine.said(run, "asleep")
    wait_for(
        lambda: machine.ada.data("GET", f"actor-runs/{run}")["stats"].get("memCurrentBytes", 0) > 0
    )
    machine.ada.data("POST", f"actor-runs/{run}/abort")
    machine.end(run)


FAILS_TWICE = (
    CALL
    + """
store = os.environ["ACTOR_DEFAULT_KEY_VALUE_STORE_ID"]
try:
    tries = json.loads(call("GET", f"key-value-stores/{store}/records/TRIES"))
except Exception:
    tries = 0
call("PUT", f"key-value-stores/{store}/records/TRIES", tries + 1)
print("try", tries, flush=True)
sys.exit(3 if tries < 2 else 0)
"""
)


def test_a_failed_run_starts_again_when_it_should(machine: Machine) -> None:
    actor = machine.actor("fails-twice", FAILS_TWICE)
    once = machine.run(actor)
    assert (once["status"], once["stats"]["restartCount"]) == ("FAILED", 0)
    run = machine.run(actor, "restartOnError=true")
    assert (run["status"], run["stats"]["restartCount"]) == ("SUCCEEDED", 2)
    assert machine.log(run["id"]).count("ended with exit code 3") == 2


def test_a_run_that_always_fails_starts_at_most_four_times(machine: Machine) -> None:
    actor = machine.actor("fails-always", "print('tried'); raise SystemExit(5)")
    machine.ada.data("PUT", f"acts/{actor}", json={"restartOnError": True})
    run = machine.run(actor)
    assert (run["status"], run["exitCode"]) == ("FAILED", 5)
    assert machine.log(run["id"]).count("tried") == 4


def test_the_actor_describes_the_storages_of_its_runs(machine: Machine) -> None:
    views = {"views": {"all": {"title": "All", "transformation": {"fields": ["n"]}}}}
    keys = {"collections": {"pages": {"keyPrefix": "page-"}}}
    definition = {"storages": {"dataset": views, "keyValueStore": "./keys.json"}}
    files = {
        "main.py": "",
        ".actor/actor.json": json.dumps(definition),
        ".actor/keys.json": json.dumps(keys),
    }
    sources = [{"name": each, "format": "TEXT", "content": files[each]} for each in files]
    run = machine.run(machine.actor_of("describer", sources))
    for kind, described in (("dataset", views), ("key-value-store", keys)):
        assert machine.ada.data("GET", f"actor-runs/{run['id']}/{kind}")["schema"] == described
    assert "schema" not in machine.ada.data("POST", "datasets")


def test_rule_93_the_run_knows_how_many_items_are_paid_for(machine: Machine) -> None:
    code = "import os; print('at most', repr(os.environ['ACTOR_MAX_PAID_DATASET_ITEMS']))"
    actor = machine.actor("frugal", code)
    assert "at most '7'" in machine.log(machine.run(actor, "maxItems=7")["id"])
    assert "at most ''" in machine.log(machine.run(actor)["id"])
