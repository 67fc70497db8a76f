"""Actors (endpoints 1-5)."""

from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from starlette.responses import Response

from apps.platform.api import actor_fields, fields, sources
from apps.platform.api.access import refuse_run_token
from apps.platform.api.refs import missing, resolve_ref
from apps.platform.api.unique import unique_name
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError
from apps.platform.domain.statuses import ACTIVE
from apps.platform.engine.builds import clear_files
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Actor, Run, Version
from apps.platform.storage import allowances


def find_actor(request: ApiRequest, ref: str) -> Actor:
    """Own or public; ApiError 404 for everything else."""
    owner, name = resolve_ref(request, ref, "Actor")
    rows = Actor.objects.select_related("user")
    actor = (rows.filter(id=name) if owner is None else rows.filter(user=owner, name=name)).first()
    mine = actor and request.identity and actor.user_id == request.identity.user_id
    if actor is None or not (mine or actor.is_public):
        raise missing("Actor", ref)
    return actor


def own_actor(request: ApiRequest) -> Actor:
    """The Actor in the path when the caller may change it."""
    identity = refuse_run_token(request, "Actor")
    actor = find_actor(request, request.params["actorId"])
    if actor.user_id != identity.user_id:
        raise missing("Actor", request.params["actorId"])
    return actor


def url_of(request: ApiRequest, actor: Actor) -> str:
    return f"{request.base_url}/v2/acts/{quote(actor.id)}"


def list_actors(request: ApiRequest) -> Response:
    """Rule 59: created or used by the caller; `my=1` only created."""
    identity = refuse_run_token(request, "list of Actors")
    page = request.query.page()
    rows = _owned_or_used(identity.user_id, only_mine=request.query.boolean("my"))
    by_run = request.query.text("sortBy") == "stats.lastRunStartedAt"
    order = "last_run_started_at" if by_run else "created_at"
    mark = "-" if page.desc else ""
    found = rows.select_related("user").order_by(mark + order, mark + "id")
    items = [actor_fields.short(actor) for actor in found[page.offset : page.offset + page.limit]]
    return envelope.listing(items, rows.count(), page)


def _owned_or_used(user_id: str, *, only_mine: bool) -> QuerySet[Actor]:
    mine = Q(user_id=user_id)
    if only_mine:
        return Actor.objects.filter(mine)
    used = Exists(Run.objects.filter(actor_id=OuterRef("id"), user_id=user_id))
    return Actor.objects.filter(mine | used)


def create_actor(request: ApiRequest) -> Response:
    identity = refuse_run_token(request, "Actor")
    body = fields.body_of(request)
    actor = actor_fields.fill(Actor(user_id=identity.user_id), body)
    actor.name = actor.name or f"my-actor-{actor.id[:6].lower()}"
    versions = [sources.new(each) for each in actor_fields.versions_of(body)]
    with unique_name("actor", "an Actor", actor.name), transaction.atomic("platform"):
        allowances.check_count(identity.user_id, Actor.objects.filter(user_id=identity.user_id))
        actor.save(force_insert=True)
        _save_versions(actor, versions)
    return envelope.created(actor_fields.full(actor), url_of(request, actor))


def get_actor(request: ApiRequest) -> Response:
    """A run sees any Actor that it may call as others see it: clients look up its name."""
    identity = request.require_identity()
    actor = find_actor(request, request.params["actorId"])
    foreign = bool(identity.run_id) or actor.user_id != identity.user_id
    return envelope.data(actor_fields.full(actor, foreign=foreign))


def update_actor(request: ApiRequest) -> Response:
    """Rule 65: what the body does not name keeps its value."""
    body = fields.body_of(request)
    actor = own_actor(request)
    with unique_name("actor", "an Actor", body.get("name")), transaction.atomic("platform"):
        # read again under a lock: a build that ends meanwhile moves a tag of its own
        actor = (
            Actor.objects.select_for_update(of=("self",)).select_related("user").get(id=actor.id)
        )
        actor_fields.fill(actor, body)
        actor_fields.retag(actor, body)
        actor.modified_at = now()
        actor.save()
        if body.get("versions") is not None:
            _replace_versions(actor, actor_fields.versions_of(body))
    return envelope.data(actor_fields.full(actor))


def delete_actor(request: ApiRequest) -> Response:
    """Builds and versions go with it, runs and their storages stay."""
    actor = own_actor(request)
    if Run.objects.filter(actor=actor, status__in=ACTIVE).exists():
        raise ApiError(
            409, "cannot-delete-running-actor", "The Actor has runs under way. Abort them first."
        )
    builds = list(actor.builds.values_list("id", flat=True))
    actor.delete()
    for build_id in builds:
        clear_files(build_id)
    return envelope.empty()


def _save_versions(actor: Actor, versions: list[Version]) -> None:
    for version in versions:
        version.actor = actor
        version.save()


def _replace_versions(actor: Actor, bodies: list[dict[str, Any]]) -> None:
    kept = {version.version_number: version for version in actor.versions.all()}
    versions = []
    for body in bodies:
        old = kept.pop(sources.number_of(body), None)
        versions.append(sources.fill(old, body) if old else sources.new(body))
    _save_versions(actor, versions)
    actor.versions.filter(version_number__in=kept).delete()


ACTOR = "/v2/acts/{actorId}"
ROUTES = [
    Route("GET", "/v2/acts", list_actors),
    Route("POST", "/v2/acts", create_actor),
    Route("GET", ACTOR, get_actor),
    Route("PUT", ACTOR, update_actor),
    Route("DELETE", ACTOR, delete_actor),
]
