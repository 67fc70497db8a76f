"""Builds as rows: created, aborted, deleted (semantics.md rules 76-85)."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F

from apps.platform.domain import statuses
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError, not_found
from apps.platform.engine import doorbell, outbox
from apps.platform.models import Actor, Build, Run, Version
from apps.platform.storage import allowances, blobs, ledger, logs

OPTIONS = {"memoryMbytes": 4096, "timeoutSecs": 1800, "diskMbytes": 8192}


def create_build(
    *,
    actor: Actor,
    version_number: str,
    tag: str | None,
    use_cache: bool,
    beta_packages: bool,
    user_id: str,
    meta: dict[str, Any],
) -> Build:
    """A READY build of a version; ApiError 404 when the Actor has no such version."""
    with transaction.atomic("platform"):
        allowances.standing(user_id).check_job(OPTIONS["memoryMbytes"])
        version = (
            Version.objects.select_for_update()
            .filter(actor=actor, version_number=version_number)
            .first()
        )
        if version is None:
            raise not_found(f"Version {version_number[:20]} of the Actor")
        Version.objects.filter(id=version.id).update(last_build_no=F("last_build_no") + 1)
        build = Build.objects.create(
            user_id=user_id,
            actor=actor,
            version_number=version_number,
            build_number=f"{version_number}.{version.last_build_no + 1}",
            tag=version.build_tag or "" if tag is None else tag,
            use_cache=use_cache,
            beta_packages=beta_packages,
            meta=meta,
            options=OPTIONS,
        )
        Actor.objects.filter(id=actor.id).update(total_builds=F("total_builds") + 1)
        outbox.build_changed(build.id, "CREATED")
        doorbell.ring_build(build.id)
    return build


def abort_build(build: Build) -> Build:
    """Nothing happens to a build that ended (rule 83)."""
    moment = now()
    with transaction.atomic("platform"):
        ended = Build.objects.filter(id=build.id, status=statuses.READY, owner="").update(
            status=statuses.ABORTED, finished_at=moment
        )
        if ended:
            outbox.build_changed(build.id)
    if not ended:
        Build.objects.filter(id=build.id, status__in=(statuses.READY, statuses.RUNNING)).update(
            status=statuses.ABORTING, asked="abort", asked_at=moment
        )
    return Build.objects.get(id=build.id)


def delete_build(build: Build) -> None:
    """ApiError 400 for the default build, one under way and one that runs use (rule 84)."""
    if build.status not in statuses.TERMINAL:
        raise ApiError(400, "build-not-finished", "Only a finished build can be deleted")
    default = build.actor.default_run_options.get("build") or "latest"
    current = build.actor.tagged_builds.get(default)
    if (current and current["buildId"] == build.id) or default == build.build_number:
        raise ApiError(
            400, "cannot-delete-default-build", "The default build of the Actor cannot be deleted"
        )
    if Run.objects.filter(build_id=build.id, status__in=statuses.ACTIVE).exists():
        raise ApiError(400, "build-in-use", "Runs of this build are still going on")
    with transaction.atomic("platform"):
        actor = Actor.objects.select_for_update().get(id=build.actor_id)
        kept = {k: v for k, v in actor.tagged_builds.items() if v["buildId"] != build.id}
        Actor.objects.filter(id=actor.id).update(tagged_builds=kept)
        build_id = build.id
        build.delete()
    transaction.on_commit(partial(clear_files, build_id), using="platform")


def clear_files(build_id: str) -> None:
    """The runnable folder and the log of a build whose row is gone."""
    shutil.rmtree(folder_of(build_id), ignore_errors=True)
    logs.delete(build_id)


def folder_of(build_id: str) -> Path:
    return blobs.folder("builds", build_id)


def succeed(build: Build, values: dict[str, Any]) -> bool:
    """Status, tag and what the build found out, in one transaction (rule 79).

    False when another runner took the build over meanwhile.
    """
    moment = now()
    with transaction.atomic("platform"):
        mine = Build.objects.filter(id=build.id, fence=build.fence, status=statuses.RUNNING)
        done = ledger.write(
            mine, status=statuses.SUCCEEDED, finished_at=moment, exit_code=0, owner="", **values
        )
        if done and build.tag:
            actor = Actor.objects.select_for_update().get(id=build.actor_id)
            tagged = {
                "buildId": build.id,
                "buildNumber": build.build_number,
                "finishedAt": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            }
            Actor.objects.filter(id=actor.id).update(
                tagged_builds={**actor.tagged_builds, build.tag: tagged}
            )
        if done:
            outbox.build_changed(build.id)
    return bool(done)
