"""An Actor as the API shows and takes it (semantics.md rules 60-66)."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from apps.platform.api import fields, sources
from apps.platform.domain import pricing
from apps.platform.domain.clock import iso, iso_or_none, now
from apps.platform.domain.errors import invalid_request, invalid_value, not_found
from apps.platform.domain.names import is_actor_name, is_build_tag
from apps.platform.domain.statuses import SUCCEEDED
from apps.platform.engine import options
from apps.platform.models import Actor, Build, Run

TEXTS = {"title": "title", "description": "description"}
FLAGS = {
    "isPublic": "is_public",
    "isAnonymouslyRunnable": "is_anonymously_runnable",
    "isDeprecated": "is_deprecated",
    "restartOnError": "restart_on_error",
}
KEPT: dict[str, type] = {  # what is kept for clients and means nothing here
    "seoTitle": str,
    "seoDescription": str,
    "actorPermissionLevel": str,
    "actorStandby": dict,
    "pictureUrl": str,
    "notice": str,
    "readmeSummary": str,
    "isCritical": bool,
    "isGeneric": bool,
    "isSourceCodeHidden": bool,
    "hasNoDataset": bool,
}
LONGEST_TIMEOUT = 10 * 365 * 24 * 3600


def short(actor: Actor) -> dict[str, Any]:
    return {
        "id": actor.id,
        "createdAt": iso(actor.created_at),
        "modifiedAt": iso(actor.modified_at),
        "name": actor.name,
        "username": actor.user.username,
        "title": actor.title,
        "stats": stats(actor),
    }


def full(actor: Actor, *, foreign: bool = False) -> dict[str, Any]:
    versions = actor.versions.order_by("version_number")
    shown: dict[str, Any] = {
        "id": actor.id,
        "userId": actor.user_id,
        "name": actor.name,
        "username": actor.user.username,
        "title": actor.title,
        "description": actor.description,
        "isPublic": actor.is_public,
        "isAnonymouslyRunnable": actor.is_anonymously_runnable,
        "isDeprecated": actor.is_deprecated,
        "restartOnError": actor.restart_on_error,
        "createdAt": iso(actor.created_at),
        "modifiedAt": iso(actor.modified_at),
        "stats": stats(actor) | (users_of([actor.id]).get(actor.id, {}) if actor.is_public else {}),
        "versions": [sources.shape(version, foreign=foreign) for version in versions],
        "categories": actor.categories,
        "defaultRunOptions": options.DEFAULTS | actor.default_run_options,
        "exampleRunInput": actor.example_run_input,
        "taggedBuilds": actor.tagged_builds,
    }
    if not foreign:
        shown["deploymentKey"] = actor.deployment_key
    shown.update(actor.extra)
    return shown


def stats(actor: Actor) -> dict[str, Any]:
    users = min(actor.total_runs, 1)
    return {
        "totalBuilds": actor.total_builds,
        "totalRuns": actor.total_runs,
        "totalUsers": users,
        "totalUsers7Days": users,
        "totalUsers30Days": users,
        "totalUsers90Days": users,
        "totalMetamorphs": actor.total_metamorphs,
        "lastRunStartedAt": iso_or_none(actor.last_run_started_at),
    }


def users_of(actor_ids: list[str]) -> dict[str, dict[str, int]]:
    """How many accounts ran each of the Actors, ever and lately."""
    counts: dict[str, Any] = {"totalUsers": Count("user_id", distinct=True)}
    for days in (7, 30, 90):
        lately = Q(started_at__gte=now() - timedelta(days=days))
        counts[f"totalUsers{days}Days"] = Count("user_id", distinct=True, filter=lately)
    runs = Run.objects.filter(actor_id__in=actor_ids).values("actor_id").annotate(**counts)
    return {
        actor_id: dict(zip(counts, row, strict=True))
        for actor_id, *row in runs.values_list("actor_id", *counts)
    }


def versions_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Rule 61, as the clients use it: none is as good as an empty list."""
    if body.get("versions") is None:
        return []
    versions = fields.objects(body, "versions")
    if len({sources.number_of(each) for each in versions}) < len(versions):
        raise invalid_value("each versionNumber may be there once")
    return versions


def fill(actor: Actor, body: dict[str, Any]) -> Actor:
    """Writes what `body` names into the row, which is not saved; ApiError 400."""
    if body.get("name") is not None:
        actor.name = fields.text(body, "name")
        if not is_actor_name(actor.name):
            raise invalid_value("name must be 1 to 63 letters, digits and dashes")
    for name, column in TEXTS.items():
        if name in body:
            setattr(actor, column, fields.text_or_null(body, name))
    for name, column in FLAGS.items():
        if body.get(name) is not None:
            setattr(actor, column, fields.boolean(body, name))
    if body.get("categories") is not None:
        actor.categories = fields.texts(body, "categories")
    _fill_run_options(actor, body)
    actor.extra = actor.extra | _kept(body)
    if body.get("pricingInfos") is not None:
        infos = fields.objects(body, "pricingInfos")
        actor.extra = actor.extra | {"pricingInfos": pricing.checked(infos, iso(now()))}
    if actor.is_public and not (actor.title and actor.categories):
        raise invalid_request("A public Actor needs a title and at least one category")
    return actor


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    for name, kind in KEPT.items():
        if body.get(name) is not None and not isinstance(body[name], kind):
            raise invalid_value(f"{name} has the wrong type")
    return {name: body[name] for name in KEPT if name in body}


def _fill_run_options(actor: Actor, body: dict[str, Any]) -> None:
    if body.get("defaultRunOptions") is not None:
        given = run_options(fields.mapping(body, "defaultRunOptions"))
        actor.default_run_options = actor.default_run_options | given
    if "exampleRunInput" in body:
        actor.example_run_input = body["exampleRunInput"] and _example(body)


def _example(body: dict[str, Any]) -> dict[str, Any]:
    example = fields.mapping(body, "exampleRunInput")
    return {name: fields.text_or_null(example, name) for name in ("body", "contentType")}


def run_options(given: dict[str, Any]) -> dict[str, Any]:
    """build, timeoutSecs, memoryMbytes and the rest of `defaultRunOptions`, checked."""
    made: dict[str, Any] = {}
    if given.get("build") is not None:
        made["build"] = fields.text(given, "build", most=100)
    if given.get("timeoutSecs") is not None:
        made["timeoutSecs"] = fields.integer(given, "timeoutSecs", maximum=LONGEST_TIMEOUT)
    if given.get("memoryMbytes") is not None:
        made["memoryMbytes"] = options.check_memory(fields.integer(given, "memoryMbytes"))
    if given.get("maxItems") is not None:
        made["maxItems"] = fields.integer(given, "maxItems")
    if given.get("maxTotalChargeUsd") is not None:
        made["maxTotalChargeUsd"] = fields.amount(given, "maxTotalChargeUsd")
    if given.get("restartOnError") is not None:
        made["restartOnError"] = fields.boolean(given, "restartOnError")
    return made


def retag(actor: Actor, body: dict[str, Any]) -> None:
    """`taggedBuilds: {tag: {buildId} | null}` moves or removes the tags it names."""
    if body.get("taggedBuilds") is None:
        return
    tagged = dict(actor.tagged_builds)
    for tag, wanted in fields.mapping(body, "taggedBuilds").items():
        if not is_build_tag(tag):
            raise invalid_value("a tag must be 1 to 64 letters, digits, dots, dashes, underscores")
        if wanted is None:
            tagged.pop(tag, None)
            continue
        if not isinstance(wanted, dict):
            raise invalid_value("taggedBuilds must hold objects with a buildId, or null")
        tagged[tag] = tag_of(_finished_build(actor, fields.text(wanted, "buildId", most=100)))
    actor.tagged_builds = tagged


def tag_of(build: Build) -> dict[str, Any]:
    return {
        "buildId": build.id,
        "buildNumber": build.build_number,
        "finishedAt": iso_or_none(build.finished_at),
    }


def _finished_build(actor: Actor, build_id: str) -> Build:
    build = Build.objects.filter(id=build_id, actor=actor).first()
    if build is None:
        raise not_found(f"Build {build_id[:80]} of this Actor")
    if build.status != SUCCEEDED:
        raise invalid_value(f"only a build that succeeded can be tagged, not {build.status}")
    return build
