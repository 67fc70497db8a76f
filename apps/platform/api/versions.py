"""Versions and their environment variables (endpoints 6-15)."""

from typing import Any

from django.db import IntegrityError, transaction
from starlette.responses import Response

from apps.platform.api import fields, sources
from apps.platform.api.actors import own_actor, url_of
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError, not_found
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Actor, Version


def list_versions(request: ApiRequest) -> Response:
    versions = own_actor(request).versions.order_by("version_number")
    items = [sources.shape(version) for version in versions]
    return envelope.data({"total": len(items), "items": items})


def create_version(request: ApiRequest) -> Response:
    actor = own_actor(request)
    version = sources.new(fields.body_of(request))
    version.actor = actor
    try:
        with transaction.atomic("platform"):
            version.save(force_insert=True)
    except IntegrityError:
        raise ApiError(
            409, "version-already-exists", f"Version {version.version_number} is already there"
        ) from None
    _touch(actor)
    location = f"{url_of(request, actor)}/versions/{version.version_number}"
    return envelope.created(sources.shape(version), location)


def get_version(request: ApiRequest) -> Response:
    return envelope.data(sources.shape(_version(request)))


def update_version(request: ApiRequest) -> Response:
    body = fields.body_of(request)
    with transaction.atomic("platform"):
        version = sources.fill(_version(request), {**body, "versionNumber": _number(request)})
        version.save(update_fields=sources.COLUMNS)
    _touch(version.actor)
    return envelope.data(sources.shape(version))


def delete_version(request: ApiRequest) -> Response:
    version = _version(request)
    version.delete()
    _touch(version.actor)
    return envelope.empty()


def list_env_vars(request: ApiRequest) -> Response:
    items = [sources.shape_env_var(each) for each in _version(request).env_vars]
    return envelope.data({"total": len(items), "items": items})


def create_env_var(request: ApiRequest) -> Response:
    made = sources.env_var(fields.body_of(request), {})
    with transaction.atomic("platform"):
        version = _version(request)
        if any(each["name"] == made["name"] for each in version.env_vars):
            raise ApiError(
                409, "env-var-already-exists", f"Environment variable {made['name']} is there"
            )
        version.env_vars = [*version.env_vars, made]
        version.save(update_fields=["env_vars"])
    root = f"{url_of(request, version.actor)}/versions/{version.version_number}/env-vars/"
    return envelope.created(sources.shape_env_var(made), root + made["name"])


def get_env_var(request: ApiRequest) -> Response:
    return envelope.data(sources.shape_env_var(_env_var(request, _version(request))))


def update_env_var(request: ApiRequest) -> Response:
    body = fields.body_of(request)
    with transaction.atomic("platform"):
        version = _version(request)
        old = _env_var(request, version)
        merged = _merged(old, body)
        made = sources.env_var(merged, {str(merged["name"]): old})
        if made["name"] != old["name"] and any(
            each["name"] == made["name"] for each in version.env_vars
        ):
            raise ApiError(
                409, "env-var-already-exists", f"Environment variable {made['name']} is there"
            )
        version.env_vars = [made if each is old else each for each in version.env_vars]
        version.save(update_fields=["env_vars"])
    return envelope.data(sources.shape_env_var(made))


def delete_env_var(request: ApiRequest) -> Response:
    with transaction.atomic("platform"):
        version = _version(request)
        gone = _env_var(request, version)
        version.env_vars = [each for each in version.env_vars if each is not gone]
        version.save(update_fields=["env_vars"])
    return envelope.empty()


def _merged(old: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """A secret cannot be made readable: turning isSecret off asks for the value again."""
    return {name: value for name, value in old.items() if name != "sealed"} | body


def _number(request: ApiRequest) -> str:
    return request.params["versionNumber"]


def _version(request: ApiRequest) -> Version:
    found = Version.objects.filter(actor=own_actor(request), version_number=_number(request))
    version = found.select_related("actor").first()
    if version is None:
        raise not_found("Version of the Actor")
    return version


def _env_var(request: ApiRequest, version: Version) -> dict[str, Any]:
    for env_var in version.env_vars:
        if env_var["name"] == request.params["envVarName"]:
            found: dict[str, Any] = env_var
            return found
    raise not_found("Environment variable")


def _touch(actor: Actor) -> None:
    Actor.objects.filter(id=actor.id).update(modified_at=now())


VERSIONS = "/v2/acts/{actorId}/versions"
VERSION = VERSIONS + "/{versionNumber}"
ENV_VARS = VERSION + "/env-vars"
ENV_VAR = ENV_VARS + "/{envVarName}"
ROUTES = [
    Route("GET", VERSIONS, list_versions),
    Route("POST", VERSIONS, create_version),
    Route("GET", VERSION, get_version),
    Route("PUT", VERSION, update_version),
    Route("POST", VERSION, update_version),
    Route("DELETE", VERSION, delete_version),
    Route("GET", ENV_VARS, list_env_vars),
    Route("POST", ENV_VARS, create_env_var),
    Route("GET", ENV_VAR, get_env_var),
    Route("PUT", ENV_VAR, update_env_var),
    Route("POST", ENV_VAR, update_env_var),
    Route("DELETE", ENV_VAR, delete_env_var),
]
