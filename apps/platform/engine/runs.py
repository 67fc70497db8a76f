"""Runs as rows: created, aborted, rebooted, metamorphosed, resurrected, deleted.

A runner sees a wish in the column `asked` and acts on it; these functions never touch a process.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F

from apps.platform.domain import limits, statuses
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError, invalid_request, not_found
from apps.platform.domain.input_schema import check, with_defaults
from apps.platform.engine import charging, doorbell, input_secrets, options, outbox
from apps.platform.models import (
    Actor,
    Build,
    Dataset,
    KeyValueStore,
    RequestQueue,
    Run,
    Task,
    Webhook,
)
from apps.platform.storage import allowances, logs, records, stores

JSON = "application/json"
AS_NEW: dict[str, Any] = {
    "status": statuses.READY,
    "finished_at": None,
    "exit_code": None,
    "status_message": None,
    "is_status_message_terminal": None,
    "owner": "",
    "lease_until": None,
    "asked": "",
    "attempt": 0,
}
NEW_STATS = {"inputBodyLen": 0, "restartCount": 0, "resurrectCount": 0, "computeUnits": 0}


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
) -> Run:
    """A READY run with its three storages and INPUT (semantics.md rules 88-95).

    Raises ApiError: 404 no such build, 400 memory or input, 402 limits of the account.
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
    build = options.find_build(actor, wanted["build"])
    body, content_type = filled_in(build, identity_user_id, input_body, input_content_type)
    with transaction.atomic("platform"):
        allowances.check_job(identity_user_id, wanted["memoryMbytes"])
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
        _furnish(run)
        run.save(force_insert=True)
        records.put(run.key_value_store_id, "INPUT", body, content_type=content_type)
        _count(run)
        _attach(run, webhooks)
        outbox.run_changed(run.id, "CREATED")
        doorbell.ring_run(run.id)
    return run


def _furnish(run: Run) -> None:
    """Its prices and its storages."""
    charging.begin(run, run.actor.extra.get("pricingInfos"))
    made = {"act_id": run.actor_id, "act_run_id": run.id}
    run.dataset_id = stores.create("dataset", run.user_id, **made).id
    run.key_value_store_id = stores.create("keyValueStore", run.user_id, **made).id
    run.request_queue_id = stores.create("requestQueue", run.user_id, **made).id


def _count(run: Run) -> None:
    """Into the statistics of its Actor and its task."""
    once_more = {"total_runs": F("total_runs") + 1, "last_run_started_at": run.started_at}
    Actor.objects.filter(id=run.actor_id).update(**once_more)
    if run.task_id:
        Task.objects.filter(id=run.task_id).update(**once_more)


def _attach(run: Run, webhooks: Sequence[Webhook]) -> None:
    """Saves ad-hoc webhooks with their run; a key that is known already names an earlier one."""
    for each in webhooks:
        each.user_id, each.run_id, each.is_ad_hoc = run.user_id, run.id, True
    Webhook.objects.bulk_create(webhooks, ignore_conflicts=True)


def filled_in(
    build: Build, user_id: str, body: bytes | None, content_type: str | None
) -> tuple[bytes, str]:
    """The input with the schema's defaults, secret fields encrypted.

    Another type than a JSON object stays as it is.
    """
    content_type = content_type or JSON
    if content_type.partition(";")[0].strip() != JSON:
        return body or b"", content_type
    try:
        value = msgspec.json.decode(body) if body and body.strip() else {}
    except msgspec.DecodeError as problem:
        raise invalid_request(f"The input is not valid JSON: {problem}") from None
    if build.input_schema and isinstance(value, dict):
        filled = with_defaults(build.input_schema, value)
        check(build.input_schema, input_secrets.opened(build, user_id, filled))
        filled |= input_secrets.sealed(build, user_id, filled)
        if filled != value:
            return msgspec.json.encode(filled), content_type
    return body if body and body.strip() else b"{}", content_type


def abort_run(run: Run, *, gracefully: bool) -> Run:
    """Nothing happens unless it is READY or RUNNING (rules 105, 106)."""
    moment = now()
    with transaction.atomic("platform"):
        ended = Run.objects.filter(id=run.id, status=statuses.READY, owner="").update(
            status=statuses.ABORTED,
            finished_at=moment,
            status_message="The run was aborted by the user",
        )
        if ended:
            outbox.run_changed(run.id)
    if not ended:
        Run.objects.filter(id=run.id, status__in=(statuses.READY, statuses.RUNNING)).update(
            status=statuses.ABORTING, asked="graceful" if gracefully else "abort", asked_at=moment
        )
        if not gracefully:
            Run.objects.filter(id=run.id, status=statuses.ABORTING).update(asked="abort")
    return Run.objects.get(id=run.id)


def reboot_run(run: Run) -> Run:
    """ApiError 400 unless RUNNING (rules 118, 119)."""
    _ask(run, "reboot")
    return Run.objects.get(id=run.id)


def _ask(run: Run, wish: str, **values: Any) -> None:
    asked = Run.objects.filter(id=run.id, status=statuses.RUNNING).update(
        asked=wish, asked_at=now(), **values
    )
    if not asked:
        raise _not_running(run)


def _not_running(run: Run) -> ApiError:
    return ApiError(
        400, "run-not-running", f"The run must be RUNNING for this. Its status is {run.status}."
    )


def metamorph_run(
    run: Run,
    *,
    target: Actor,
    build_ref: str | None,
    input_body: bytes | None,
    input_content_type: str | None,
) -> Run:
    """The run goes on as `target` with new input in the same store (rules 108-114)."""
    if run.status != statuses.RUNNING:
        raise _not_running(run)
    if len(run.metamorphs) >= limits.MOST_METAMORPHS:
        raise ApiError(
            400,
            "max-metamorphs-exceeded",
            f"A run can metamorph at most {limits.MOST_METAMORPHS} times",
        )
    base = {**options.DEFAULTS, **target.default_run_options}
    build = options.find_build(target, build_ref or base["build"])
    body, content_type = filled_in(build, run.user_id, input_body, input_content_type)
    key = f"INPUT-METAMORPH-{len(run.metamorphs) + 1}"
    records.put(run.key_value_store_id, key, body, content_type=content_type)
    step = {
        "createdAt": now().isoformat(),
        "actorId": target.id,
        "buildId": build.id,
        "inputKey": key,
    }
    _ask(
        run,
        "metamorph",
        build_id=build.id,
        build_number=build.build_number,
        input_key=key,
        metamorphs=[*run.metamorphs, step],
    )
    return Run.objects.get(id=run.id)


def resurrect_run(
    run: Run,
    *,
    build_ref: str | None,
    timeout_secs: int | None,
    memory_mbytes: int | None,
    max_items: int | None = None,
    max_total_charge_usd: float | None = None,
    restart_on_error: bool | None = None,
) -> Run:
    """A finished run starts again with its storages (rules 115-117)."""
    if run.status not in statuses.TERMINAL:
        raise ApiError(
            400,
            "run-not-finished",
            f"Only a finished run can be resurrected, not a {run.status} one",
        )
    values = options.changed(
        run.options,
        timeout_secs=timeout_secs,
        memory_mbytes=memory_mbytes,
        max_items=max_items,
        max_total_charge_usd=max_total_charge_usd,
        restart_on_error=restart_on_error,
    )
    build_id, build_number = run.build_id, run.build_number
    if build_ref:
        build = options.find_build(run.actor, build_ref)
        build_id, build_number, values["build"] = build.id, build.build_number, build_ref
    stats = {**run.stats, "resurrectCount": run.stats.get("resurrectCount", 0) + 1}
    with transaction.atomic("platform"):
        allowances.check_job(run.user_id, values["memoryMbytes"])
        changed = Run.objects.filter(id=run.id, status=run.status, fence=run.fence).update(
            **AS_NEW,
            fence=F("fence") + 1,
            seconds_before=run.stats.get("runTimeSecs", 0),
            options=values,
            stats=stats,
            build_id=build_id,
            build_number=build_number,
        )
        if not changed:
            raise ApiError(409, "run-changed", "The run changed meanwhile. Look at it again.")
        outbox.run_changed(run.id, "RESURRECTED")
        doorbell.ring_run(run.id)
    return Run.objects.get(id=run.id)


def delete_run(run: Run) -> None:
    """The run, its log and its unnamed default storages (rule 103)."""
    if run.status not in statuses.TERMINAL:
        raise ApiError(
            400, "run-not-finished", "Only a finished run can be deleted. Abort it first."
        )
    ended = Run.objects.filter(id=run.id, status__in=statuses.TERMINAL)  # still, and still there
    if not ended.delete()[0]:
        raise not_found("A finished run with this ID")
    defaults = (
        (Dataset, run.dataset_id),
        (KeyValueStore, run.key_value_store_id),
        (RequestQueue, run.request_queue_id),
    )
    for kind, store_id in defaults:
        row = kind._default_manager.filter(id=store_id, name__isnull=True).first()
        if row is not None:
            stores.delete(row)
    logs.delete(run.id)
