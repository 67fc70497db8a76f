"""Retention of what webhooks leave behind (rule 275)."""

from datetime import timedelta

import pytest

from apps.platform.clock import retention
from apps.platform.models import Actor, Webhook, WebhookDispatch
from tests.platform.clock.conftest import NOON

pytestmark = pytest.mark.django_db(databases=["default", "platform"], transaction=True)
OLD = NOON - timedelta(days=31)


def webhook_of(actor: Actor, **fields: object) -> Webhook:
    return Webhook.objects.create(
        user_id=actor.user_id,
        event_types=["ACTOR.RUN.SUCCEEDED"],
        request_url="https://example.com/",
        created_at=OLD,
        **fields,
    )


def test_rule_275_dispatches_that_are_over_go(actor: Actor) -> None:
    webhook = webhook_of(actor, actor_id=actor.id)
    common = {"user_id": actor.user_id, "webhook": webhook, "event_type": "TEST", "receiver": ""}
    made = [
        WebhookDispatch.objects.create(**common, finished_at=OLD, next_at=None),
        WebhookDispatch.objects.create(**common, finished_at=NOON, next_at=None),
        WebhookDispatch.objects.create(**common, created_at=OLD),
    ]
    retention.sweep(NOON)
    left = set(WebhookDispatch.objects.values_list("id", flat=True))
    assert left == {made[1].id, made[2].id}
    assert Webhook.objects.get().id == webhook.id


def test_rule_275_ad_hoc_webhooks_go_after_their_run_and_their_dispatches(actor: Actor) -> None:
    gone = webhook_of(actor, run_id="no-such-run", is_ad_hoc=True)
    busy = webhook_of(actor, run_id="no-such-run", is_ad_hoc=True)
    WebhookDispatch.objects.create(
        user_id=actor.user_id, webhook=busy, event_type="TEST", receiver=""
    )
    retention.sweep(NOON)
    assert [each.id for each in Webhook.objects.all()] == [busy.id]
    assert gone.id != busy.id
