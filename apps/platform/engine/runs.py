"""Runs as rows: aborted, rebooted, metamorphosed, resurrected, deleted.

A runner sees a wish in the column `asked` and acts on it; these functions never touch a process.
"""

from typing import Any

from django.db import transaction
from django.db.models import F

from apps.platform.domain import limits, statuses
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError, not_found
from apps.platform.engine import doorbell, options, outbox
from apps.platform.engine.run_start import filled_in
from apps.platform.models import Actor, Dataset, KeyValueStore, RequestQueue, Run
from apps.platform.storage import allowances, logs, records, stores

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
    with transaction.atomic("platform"):
        _ask(
            run,
            "metamorph",
            build_id=build.id,
            build_number=build.build_number,
            input_key=key,
            metamorphs=[*run.metamorphs, step],
        )
        Actor.objects.filter(id=target.id).update(total_metamorphs=F("total_metamorphs") + 1)
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
        allowances.standing(run.user_id).check_job(values["memoryMbytes"])
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
        doorbell.ring_runs([run.id])
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
