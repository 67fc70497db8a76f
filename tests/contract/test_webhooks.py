"""Webhooks through the official clients: every wire model must fit."""

from typing import Any

import pytest
from apify_client import ApifyClient

from tests.contract.conftest import Node
from tests.platform.outbound import receivers
from tests.platform.outbound.receivers import receiving
from tests.stack import wait_for

pytestmark = pytest.mark.processes
EVENTS = ["ACTOR.RUN.SUCCEEDED", "ACTOR.RUN.CREATED"]


def test_a_webhook_of_the_python_client(client: ApifyClient, pusher: str) -> None:
    webhook = client.webhooks().create(
        event_types=EVENTS,
        request_url="https://nowhere.invalid/hook",
        actor_id=pusher,
        payload_template='{"run": {{resource.id}}}',
        do_not_retry=True,
        idempotency_key="from-python",
    )
    named = client.webhook(webhook.id)
    assert named.update(description="changed").description == "changed"
    of_actor = client.actor(pusher).webhooks().list().items
    assert webhook.id in {each.id for each in of_actor}
    assert {each.condition.actor_id for each in of_actor} == {pusher}
    dispatch = named.test()
    wait_for(lambda: client.webhook_dispatch(dispatch.id).get().status == "FAILED", 20)  # type: ignore[union-attr] # it was just made
    found = client.webhook_dispatch(dispatch.id).get()
    assert found is not None
    assert found.calls
    assert "has no address" in str(found.calls[0].error_message)
    assert dispatch.id in [each.id for each in named.dispatches().list().items]
    assert dispatch.id in [each.id for each in client.webhook_dispatches().list(desc=True).items]
    read = named.get()
    assert read is not None
    assert read.last_dispatch is not None
    assert (read.last_dispatch.status, read.condition.actor_id) == ("FAILED", pusher)
    named.delete()
    assert named.get() is None


def test_ad_hoc_webhooks_of_the_python_client(client: ApifyClient, pusher: str) -> None:
    hooks: list[Any] = [{"event_types": EVENTS, "request_url": "https://nowhere.invalid/"}]
    run = client.actor(pusher).start(webhooks=hooks)
    listed = client.webhooks().list(desc=True).items[0]
    assert (listed.is_ad_hoc, listed.condition.actor_run_id) == (True, run.id)
    client.run(run.id).wait_for_finish()
    client.webhook(listed.id).delete()


@pytest.mark.node
def test_webhooks_of_the_npm_client(node: Node, pusher: str) -> None:
    told = node(f"""
        const made = await client.webhooks().create({{ eventTypes: {EVENTS},
          condition: {{ actorId: '{pusher}' }}, requestUrl: 'https://nowhere.invalid/',
          doNotRetry: true }});
        const hook = client.webhook(made.id);
        const {{ description }} = await hook.update({{ description: 'changed' }});
        const dispatch = await hook.test();
        const listed = (await hook.dispatches().list()).items.map(({{ id }}) => id);
        let found;
        do {{
          await new Promise((done) => setTimeout(done, 100));
          found = await client.webhookDispatch(dispatch.id).get();
        }} while (found.status === 'ACTIVE');
        const hooks = [{{ eventTypes: {EVENTS}, requestUrl: 'https://nowhere.invalid/' }}];
        const run = await client.actor('{pusher}').start(undefined, {{ webhooks: hooks }});
        const adHoc = (await client.webhooks().list({{ desc: true }})).items[0];
        await hook.delete();
        return {{ description, status: found.status, calls: found.calls.length,
          listed: listed.includes(dispatch.id), adHoc: adHoc.condition.actorRunId === run.id,
          started: found.calls[0].startedAt !== undefined }};
    """)
    assert told == {
        "description": "changed", "status": "FAILED", "calls": 1,
        "listed": True, "adHoc": True, "started": True,
    }  # fmt: skip


def test_loopback_is_refused_unless_the_setting_is_on(client: ApifyClient, pusher: str) -> None:
    with receiving(receivers.answer()) as receiver, pytest.raises(Exception, match="LOOPBACK"):
        client.webhooks().create(
            event_types=EVENTS,
            request_url=receiver.url,
            actor_id=pusher,
        )
