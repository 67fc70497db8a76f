"""From an event to the receiver and back (rules 231-238, 242-244, 95, 96)."""

import base64
import hashlib
import hmac
import json
from typing import Any

from tests.platform.engine.conftest import Machine
from tests.platform.outbound import receivers
from tests.platform.outbound.conftest import Hook, ended
from tests.platform.outbound.receivers import receiving
from tests.stack import wait_for


def parts_of(request: bytes) -> tuple[str, dict[str, str], Any]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(": ") for line in lines]
    return first, {name.lower(): value for name, _, value in pairs}, json.loads(body)


def test_rules_231_232_234_235_a_run_that_ends_is_told(
    machine: Machine, actor: str, hook: Hook
) -> None:
    with receiving(receivers.answer(204, b"")) as receiver:
        headers = '{"X-Mine": "yes", "Host": "evil", "content-type": "text/plain"}'
        webhook = hook(receiver, {"actorId": actor}, headersTemplate=headers)
        run = machine.run(actor, json={"exit": 0})
        dispatch = ended(machine, webhook)[0]
        first, sent, payload = parts_of(receiver.requests[0])
    assert first == "POST /hook HTTP/1.1"
    assert sent["host"] == f"127.0.0.1:{receiver.port}"
    assert (sent["content-type"], sent["x-mine"]) == ("application/json", "yes")
    assert (sent["x-apify-webhook"], sent["x-apify-request-origin"]) == ("true", "WEBHOOK")
    assert sent["x-apify-webhook-dispatch-id"] == dispatch["id"]
    assert list(payload) == ["userId", "createdAt", "eventType", "eventData", "resource"]
    assert payload["eventType"] == "ACTOR.RUN.SUCCEEDED"
    assert payload["eventData"] == {"actorId": actor, "actorRunId": run["id"]}
    assert payload["resource"]["status"] == "SUCCEEDED"
    assert payload["resource"]["finishedAt"] == run["finishedAt"]
    assert payload["resource"]["usageTotalUsd"] == run["usageTotalUsd"]
    call = dispatch["calls"][0]
    assert (dispatch["status"], call["responseStatus"]) == ("SUCCEEDED", 204)
    assert call["errorMessage"] is None
    assert call["startedAt"] <= call["finishedAt"]


def test_rule_243_a_dispatch_tells_what_was_sent(machine: Machine, actor: str, hook: Hook) -> None:
    """Beyond the reference: each attempt shows its request. Lists leave it out."""
    with receiving(receivers.answer()) as receiver:
        webhook = hook(receiver, {"actorId": actor}, headersTemplate='{"X-Mine": "yes"}')
        machine.ada.data("POST", f"webhooks/{webhook['id']}/test")
        listed = ended(machine, webhook)[0]
        _, sent, _ = parts_of(receiver.requests[0])
        body = receiver.requests[0].partition(b"\r\n\r\n")[2].decode()
    assert "requestBody" not in listed["calls"][0]
    call = machine.ada.data("GET", f"webhook-dispatches/{listed['id']}")["calls"][0]
    assert call["requestBody"] == body
    told = {name.lower(): value for name, value in call["requestHeaders"].items()}
    assert told["x-mine"] == "yes"
    assert told.items() <= sent.items()


def test_the_signature_is_that_of_standard_webhooks(
    machine: Machine, actor: str, hook: Hook
) -> None:
    with receiving(receivers.answer()) as receiver:
        webhook = hook(receiver, {"actorId": actor})
        machine.ada.data("POST", f"webhooks/{webhook['id']}/test")
        ended(machine, webhook)
        _, sent, _ = parts_of(receiver.requests[0])
        body = receiver.requests[0].partition(b"\r\n\r\n")[2]
    key = base64.b64decode(webhook["signingSecret"].removeprefix("whsec_"))
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert sent["webhook-signature"] == f"v1,{wanted}"
    assert sent["webhook-id"] == sent["x-apify-webhook-dispatch-id"]


def test_rule_232_all_events_of_runs(machine: Machine, actor: str, hook: Hook) -> None:
    words = ("CREATED", "SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT", "RESURRECTED")
    with receiving(receivers.answer()) as receiver:
        webhook = hook(receiver, {"actorId": actor}, [f"ACTOR.RUN.{word}" for word in words])
        machine.run(actor, json={"exit": 0})
        failed = machine.run(actor, json={"exit": 3})
        machine.run(actor, "timeout=1", json={"sleep": 30})
        aborted = machine.start(actor, json={"sleep": 60})
        machine.ada.data("POST", f"actor-runs/{aborted}/abort")
        machine.end(aborted)
        machine.ada.data("POST", f"actor-runs/{failed['id']}/resurrect")
        machine.end(failed["id"])
        found = ended(machine, webhook, 10)
    told = sorted(each["eventType"].removeprefix("ACTOR.RUN.") for each in found)
    assert told == sorted(
        ["CREATED"] * 4 + ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RESURRECTED", "FAILED"]
    )


def test_rule_232_all_events_of_builds(machine: Machine, hook: Hook) -> None:
    words = ("CREATED", "SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT")
    with receiving(receivers.answer()) as receiver:
        actor = machine.actor("built-often", "print(1)")
        webhook = hook(receiver, {"actorId": actor}, [f"ACTOR.BUILD.{word}" for word in words])
        good = machine.build(actor)
        files = [{"name": "notes.txt", "format": "TEXT", "content": "nothing to start"}]
        machine.ada.data("PUT", f"acts/{actor}/versions/0.0", json={"sourceFiles": files})
        machine.build(actor)
        found = ended(machine, webhook, 4)
        payloads = [parts_of(each)[2] for each in receiver.requests]
    told = sorted(each["eventType"] for each in found)
    wanted = ["CREATED", "CREATED", "FAILED", "SUCCEEDED"]
    assert told == [f"ACTOR.BUILD.{word}" for word in wanted]
    by_build = [each for each in payloads if each["eventData"]["actorBuildId"] == good["id"]]
    assert sorted(each["resource"]["status"] for each in by_build) == ["READY", "SUCCEEDED"]


def test_rules_234_236_variables_and_strings(machine: Machine, actor: str, hook: Hook) -> None:
    template = """{"id": {{resource.id}}, "text": "{{eventType}} of {{ eventData.actorId }}",
        "whole": "{{resource.options}}", "unix": {{globals.dateUnix}}, "none": {{resource.x.y}}}"""
    with receiving(receivers.answer()) as receiver:
        both = [
            hook(receiver, {"actorId": actor}, payloadTemplate=template),
            hook(
                receiver,
                {"actorId": actor},
                payloadTemplate=template,
                shouldInterpolateStrings=True,
            ),
        ]
        run = machine.run(actor, json={})
        for webhook in both:
            ended(machine, webhook)
        payloads = sorted((parts_of(each)[2] for each in receiver.requests), key=str)
    plain = next(each for each in payloads if each["text"].startswith("{{"))
    filled = next(each for each in payloads if not each["text"].startswith("{{"))
    assert plain["text"] == "{{eventType}} of {{ eventData.actorId }}"
    assert filled["text"] == f"ACTOR.RUN.SUCCEEDED of {actor}"
    assert filled["whole"] == run["options"]
    assert (plain["id"], filled["none"]) == (run["id"], None)
    assert 1_700_000_000 < plain["unix"] < 1_700_000_000_000  # seconds


def test_rules_95_96_230_ad_hoc_webhooks_of_a_start(
    machine: Machine, actor: str, hook: Hook
) -> None:
    with receiving(receivers.answer()) as receiver, receiving(receivers.answer()) as of_actor:
        kept = hook(of_actor, {"actorId": actor})
        events = ["ACTOR.RUN.CREATED", "ACTOR.RUN.SUCCEEDED"]
        asked = [{"eventTypes": events, "requestUrl": receiver.url, "idempotencyKey": "once"}]
        coded = base64.b64encode(json.dumps(asked).encode()).decode()
        run = machine.run(actor, f"webhooks={coded}", json={})
        ended(machine, kept)
        again = machine.run(actor, f"webhooks={coded}", json={})
        machine.ada.data("POST", f"actor-runs/{run['id']}/resurrect")
        machine.end(run["id"])
        ended(machine, kept, 3)
        listed = machine.ada.data("GET", "webhooks?desc=1")["items"]
        mine = [each for each in listed if each["requestUrl"] == receiver.url]
        told = ended(machine, mine[0], 2)
    assert [each["condition"] for each in mine] == [{"actorRunId": run["id"]}]
    assert again["id"] != run["id"]
    assert sorted(each["eventType"] for each in told) == events
    assert len(receiver.requests) == 2  # neither the second run nor the second end
    machine.ada.http.delete(f"webhooks/{mine[0]['id']}")


def test_rule_95_a_run_adds_one_to_itself_only(machine: Machine, actor: str, hook: Hook) -> None:
    code = (
        "import json, os, urllib.request as u, urllib.error\n"
        "def add(run):\n"
        "    body = {'requestUrl': 'http://127.0.0.1:9999/', 'eventTypes': ['ACTOR.RUN.FAILED'],\n"
        "            'condition': {'actorRunId': run}, 'isAdHoc': True}\n"
        "    head = {'Authorization': 'Bearer ' + os.environ['APIFY_TOKEN'],\n"
        "            'Content-Type': 'application/json'}\n"
        "    url = os.environ['APIFY_API_BASE_URL'] + '/v2/webhooks'\n"
        "    try:\n"
        "        return u.urlopen(u.Request(url, json.dumps(body).encode(), head)).status\n"
        "    except urllib.error.HTTPError as answer:\n"
        "        return answer.code\n"
        "print('ADDED', add(os.environ['ACTOR_RUN_ID']), add(os.environ['OTHER']))\n"
    )
    other = machine.run(actor, json={})["id"]
    variables = [{"name": "OTHER", "value": other}]
    run = machine.run(machine.actor("adds-webhooks", code, envVars=variables))
    assert "ADDED 201 403" in machine.log(run["id"])


def test_rule_242_a_test_is_tried_once(machine: Machine, actor: str, hook: Hook) -> None:
    with receiving(receivers.answer(500, b"no")) as receiver:
        webhook = hook(receiver, {"actorId": actor})
        made = machine.ada.http.post(f"webhooks/{webhook['id']}/test")
        assert made.status_code == 201
        dispatch = ended(machine, webhook)[0]
        payload = parts_of(receiver.requests[0])[2]
    assert (dispatch["id"], dispatch["eventType"]) == (made.json()["data"]["id"], "TEST")
    assert (dispatch["status"], len(dispatch["calls"])) == ("FAILED", 1)
    assert (payload["eventType"], payload["eventData"]["actorId"]) == ("TEST", actor)
    assert payload["resource"]["id"] == payload["eventData"]["actorRunId"]


def test_rule_238_eleven_retries_by_doubling_with_one_id(
    machine: Machine, actor: str, hook: Hook
) -> None:
    with receiving(receivers.answer(503, b"busy")) as receiver:
        webhook = hook(receiver, {"actorId": actor})
        machine.run(actor, json={})
        dispatch = ended(machine, webhook)[0]
        ids = {parts_of(each)[1]["webhook-id"] for each in receiver.requests}
    assert (dispatch["status"], len(dispatch["calls"])) == ("FAILED", 12)
    assert ids == {dispatch["id"]}
    gaps = [b - a for a, b in zip(receiver.times, receiver.times[1:], strict=False)]
    assert len(gaps) == 11
    assert all(gap >= 0.002 * 2**number for number, gap in enumerate(gaps))
    call = dispatch["calls"][-1]
    assert (call["responseStatus"], call["responseBody"]) == (503, "busy")
    assert "Only 2xx counts" in call["errorMessage"]
    assert dispatch["nextAttemptAt"] is None
    shown = machine.ada.data("GET", f"webhooks/{webhook['id']}")
    assert shown["lastDispatch"] == {"status": "FAILED", "finishedAt": dispatch["finishedAt"]}
    assert shown["stats"] == {"totalDispatches": 1}


def test_rule_238_do_not_retry(machine: Machine, actor: str, hook: Hook) -> None:
    with receiving(receivers.answer(404)) as receiver:
        webhook = hook(receiver, {"actorId": actor}, doNotRetry=True)
        machine.run(actor, json={})
        assert ended(machine, webhook)[0]["status"] == "FAILED"
        assert len(receiver.requests) == 1


def test_a_template_that_grows_too_large_ends_it(machine: Machine, actor: str, hook: Hook) -> None:
    template = "[" + ",".join(["{{resource}}"] * 3000) + "]"
    with receiving(receivers.answer()) as receiver:
        webhook = hook(receiver, {"actorId": actor}, payloadTemplate=template)
        machine.run(actor, json={})
        dispatch = ended(machine, webhook)[0]
    assert (dispatch["status"], len(dispatch["calls"]), receiver.connections) == ("FAILED", 1, 0)
    assert "larger than" in dispatch["calls"][0]["errorMessage"]


def test_deleting_a_webhook_stops_its_retries(machine: Machine, actor: str, hook: Hook) -> None:
    with receiving(receivers.answer(500)) as receiver:
        webhook = hook(receiver, {"actorId": actor})
        machine.run(actor, json={})
        wait_for(lambda: receiver.requests)
        machine.ada.http.delete(f"webhooks/{webhook['id']}").raise_for_status()
        count = len(receiver.requests)
        machine.run(actor, json={})
    assert len(receiver.requests) <= count + 1
