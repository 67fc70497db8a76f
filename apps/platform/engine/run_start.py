"""How a run begins: its row, its three storages and its input, in one transaction.

Many begin at once when schedules are due, so that this writes few statements and, with a `Batch`,
asks but once what is the same for all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from django.db import connections, transaction

from apps.platform.domain.errors import ApiError, invalid_request
from apps.platform.domain.input_schema import check, with_defaults
from apps.platform.engine import charging, doorbell, input_secrets, options, outbox
from apps.platform.models import (
    Actor,
    Build,
    Dataset,
    KeyValueStore,
    RequestQueue,
    Run,
    Webhook,
)
from apps.platform.storage import allowances, blobs, records, rows

JSON = "application/json"
NEW_STATS = {"inputBodyLen": 0, "restartCount": 0, "resurrectCount": 0, "computeUnits": 0}


@dataclass
class Batch:
    """What the starts in one transaction have in common; never kept longer than that."""

    actors: dict[tuple[str, str], Actor | None] = field(default_factory=dict)  # by user and id
    builds: dict[tuple[str, str], Build] = field(default_factory=dict)  # by Actor and tag or number
    standings: dict[str, allowances.Standing] = field(default_factory=dict)  # by user
    started: list[str] = field(default_factory=list)  # ids of runs, for the doorbell
    files: list[Path] = field(default_factory=list)  # inputs that may not be on the disk yet

    def build(self, actor: Actor, ref: str) -> Build:
        found = self.builds.get((actor.id, ref))
        if found is None:
            found = self.builds[actor.id, ref] = options.find_build(actor, ref)
        return found

    def standing(self, user_id: str) -> allowances.Standing:
        found = self.standings.get(user_id)
        if found is None:
            found = self.standings[user_id] = allowances.standing(user_id)
        return found

    def add(self, run: Run) -> None:
        self.standings[run.user_id].add(run.options["memoryMbytes"])
        self.started.append(run.id)

    def close(self) -> None:
        """The last before the commit, after which the doorbell rings once for all."""
        blobs.sync(self.files)
        if self.started:
            doorbell.ring_runs(self.started)


def create_run(
    *,
    actor: Actor,
    identity_user_id: str,
    build_ref: str | None,
    timeout_secs: int | None,
    memory_mbytes: int | None,
    max_items: int | None,
    input_body: bytes | None,
    input_content_type: str | None,
    meta: dict[str, Any],
    parent_run_id: str = "",
    task_id: str = "",
    max_total_charge_usd: float | None = None,
    restart_on_error: bool | None = None,
    webhooks: Sequence[Webhook] = (),
    batch: Batch | None = None,
) -> Run:
    """A READY run with its three storages and INPUT (semantics.md rules 88-95).

    Who gives a `batch` closes it. ApiError: 404 build, 400 memory or input, 402 limits.
    """
    wanted = options.of(
        actor,
        build_ref=build_ref,
        timeout_secs=timeout_secs,
        memory_mbytes=memory_mbytes,
        max_items=max_items,
        max_total_charge_usd=max_total_charge_usd,
        restart_on_error=restart_on_error,
    )
    common = Batch() if batch is None else batch
    build = common.build(actor, wanted["build"])
    body, content_type = filled_in(build, identity_user_id, input_body, input_content_type)
    with transaction.atomic("platform"):
        common.standing(identity_user_id).check_job(wanted["memoryMbytes"])
        run = Run(
            user_id=identity_user_id,
            actor=actor,
            task_id=task_id,
            parent_run_id=parent_run_id,
            build_id=build.id,
            build_number=build.build_number,
            options=wanted,
            meta=meta,
            stats={**NEW_STATS, "inputBodyLen": len(body)},
        )
        _save(run, body, content_type, common.files)
        _attach(run, webhooks)
        outbox.tell_of(run, "CREATED")
        common.add(run)
        if batch is None:
            common.close()
    return run


def _save(run: Run, body: bytes, content_type: str, later: list[Path]) -> None:
    """With its prices, its storages and its input; counted in its Actor and its task."""
    charging.begin(run, run.actor.extra.get("pricingInfos"))
    made = {"user_id": run.user_id, "act_id": run.actor_id, "act_run_id": run.id}
    dataset, store, queue = Dataset(**made), KeyValueStore(**made), RequestQueue(**made)
    run.dataset_id, run.key_value_store_id, run.request_queue_id = dataset.id, store.id, queue.id
    record = records.first(store, run.input_key, body, content_type=content_type, later=later)
    rows.insert(dataset, store, queue, run, record)
    moment = connections["platform"].ops.adapt_datetimefield_value(run.started_at)
    for table, row_id in (("actor", run.actor_id), ("task", run.task_id)):
        if row_id:
            rows.execute(
                f"UPDATE {table} SET total_runs = total_runs + 1, last_run_started_at = %s"  # noqa: S608 - our own words
                " WHERE id = %s",
                (moment, row_id),
            )


def _attach(run: Run, webhooks: Sequence[Webhook]) -> None:
    """Saves ad-hoc webhooks with their run; a key that is known already names an earlier one."""
    for each in webhooks:
        each.user_id, each.run_id, each.is_ad_hoc = run.user_id, run.id, True
    Webhook.objects.bulk_create(webhooks, ignore_conflicts=True)


def filled_in(
    build: Build, user_id: str, body: bytes | None, content_type: str | None
) -> tuple[bytes, str]:
    """The input with the schema's defaults, secret fields encrypted.

    Without a schema, and of another type than JSON, it stays as it is.
    """
    content_type = content_type or JSON
    if content_type.partition(";")[0].strip() != JSON:
        return body or b"", content_type
    try:
        value = msgspec.json.decode(body) if body and body.strip() else {}
    except msgspec.DecodeError as problem:
        raise invalid_request(f"The input is not valid JSON: {problem}") from None
    if build.input_schema:
        if not isinstance(value, dict):
            raise ApiError(400, "invalid-input", "Input is not valid: it must be a JSON object")
        filled = with_defaults(build.input_schema, value)
        check(build.input_schema, input_secrets.opened(build, user_id, filled))
        filled |= input_secrets.sealed(build, user_id, filled)
        if filled != value:
            return msgspec.json.encode(filled), content_type
    return body if body and body.strip() else b"{}", content_type
