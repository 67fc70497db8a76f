"""Run options: the Actor's defaults, overridden by the caller's (semantics.md rules 90-94)."""

from typing import Any

from apps.platform.domain import limits, statuses
from apps.platform.domain.errors import ApiError, invalid_value
from apps.platform.models import Actor, Build

DEFAULTS = {"build": "latest", "timeoutSecs": 3600, "memoryMbytes": 1024}
DISK_PER_MEMORY = 2
ARGUMENTS = {  # how the API calls an option -> how `run_start.create_run` does
    "build": "build_ref",
    "timeoutSecs": "timeout_secs",
    "memoryMbytes": "memory_mbytes",
    "maxItems": "max_items",
    "maxTotalChargeUsd": "max_total_charge_usd",
    "restartOnError": "restart_on_error",
}


def arguments(kept: dict[str, Any]) -> dict[str, Any]:
    """Options as tasks and schedules keep them, as arguments of `run_start.create_run`."""
    return {argument: kept.get(name) for name, argument in ARGUMENTS.items()}


def check_memory(megabytes: int) -> int:
    lowest, highest = limits.RUN_MEMORY_MBYTES
    if not lowest <= megabytes <= highest or megabytes & (megabytes - 1):
        raise invalid_value(f"memory must be a power of two from {lowest} to {highest} megabytes")
    return megabytes


def of(
    actor: Actor,
    *,
    build_ref: str | None,
    timeout_secs: int | None,
    memory_mbytes: int | None,
    max_items: int | None = None,
    max_total_charge_usd: float | None = None,
    restart_on_error: bool | None = None,
) -> dict[str, Any]:
    """The `options` of a new run."""
    base = DEFAULTS | {k: v for k, v in actor.default_run_options.items() if v is not None}
    memory = check_memory(int(base["memoryMbytes"] if memory_mbytes is None else memory_mbytes))
    options = {
        "build": build_ref or base["build"],
        "timeoutSecs": int(base["timeoutSecs"] if timeout_secs is None else timeout_secs),
        "memoryMbytes": memory,
        "diskMbytes": memory * DISK_PER_MEMORY,
    }
    default_restart = base.get("restartOnError", actor.restart_on_error)
    if default_restart if restart_on_error is None else restart_on_error:
        options["restartOnError"] = True
    return options | limits_of(
        base.get("maxItems") if max_items is None else max_items,
        base.get("maxTotalChargeUsd") if max_total_charge_usd is None else max_total_charge_usd,
    )


def changed(
    old: dict[str, Any],
    *,
    timeout_secs: int | None,
    memory_mbytes: int | None,
    max_items: int | None,
    max_total_charge_usd: float | None,
    restart_on_error: bool | None,
) -> dict[str, Any]:
    """The options of a run that goes on with what is given of them (rule 117); ApiError 400 when
    one of its two limits would shrink."""
    raised = limits_of(max_items, max_total_charge_usd)
    for name, value in raised.items():
        if value < old.get(name, value):
            raise invalid_value(f"{name} can only be raised, it is {old[name]:g} now")
    options = old | raised
    if timeout_secs is not None:
        options["timeoutSecs"] = timeout_secs
    if memory_mbytes is not None:
        options["memoryMbytes"] = check_memory(memory_mbytes)
        options["diskMbytes"] = memory_mbytes * DISK_PER_MEMORY
    if restart_on_error is not None:
        options["restartOnError"] = restart_on_error
    return options


def limits_of(max_items: int | None, max_total_charge_usd: float | None) -> dict[str, Any]:
    """What is given of the two limits of a paid run (rule 93)."""
    given = {"maxItems": max_items, "maxTotalChargeUsd": max_total_charge_usd}
    return {name: value for name, value in given.items() if value is not None}


def find_build(actor: Actor, ref: str) -> Build:
    """The finished build that a tag or number names; else the newest one still under way.

    Raises ApiError 404 when there is neither.
    """
    tagged = actor.tagged_builds.get(ref)
    builds = Build.objects.filter(actor=actor)
    if tagged:
        found = builds.filter(id=tagged["buildId"]).first()
        if found:
            return found
    found = builds.filter(build_number=ref).first()
    if found:
        return found
    coming = builds.filter(tag=ref, status__in=(statuses.READY, statuses.RUNNING))
    found = coming.order_by("-started_at").first()
    if found is None:
        sentence = f"Build '{ref}' of the Actor {actor.name} was not found. Build the Actor first."
        raise ApiError(404, "record-not-found", sentence)
    return found
