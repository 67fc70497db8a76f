"""What the three kinds of storages share: lists, get-or-create, rename, delete, access."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from starlette.responses import Response

from apps.platform.api import access
from apps.platform.api.fields import body_of
from apps.platform.api.refs import missing, resolve_ref
from apps.platform.domain import limits, signing
from apps.platform.domain.clock import iso, now
from apps.platform.domain.errors import ApiError, invalid_value
from apps.platform.http import envelope
from apps.platform.http.mounts import MountedRoute
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Build, Run, User
from apps.platform.storage import stores

NAME = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,61}[0-9A-Za-z])?\Z")
# a tuple: a client may send a list or object, which cannot be looked up in a set
LEVELS = (
    "FOLLOW_USER_SETTING",
    "RESTRICTED",
    "ANYONE_WITH_ID_CAN_READ",
    "ANYONE_WITH_NAME_CAN_READ",
)
# kinds that a definition of an Actor may describe -> which of a run's is meant
DEFINED = {"dataset": "dataset_id", "keyValueStore": "key_value_store_id"}
Shape = Callable[[Any], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """`noun` is for sentences, `path` below /v2, `shape` makes the fields of its own."""

    key: str
    noun: str
    path: str
    page: str  # of the Console
    shape: Shape


def find(kind: Kind, request: ApiRequest, ref: str) -> Any:
    """The row that `ref` names, once the caller may do what the request does."""
    owner, text = resolve_ref(request, ref, kind.noun.capitalize())
    rows = stores.KINDS[kind.key]._default_manager
    if owner is None:
        row = rows.filter(id=text).first()
    else:
        row = rows.filter(user_id=owner, name=text).first()
    if row is None:
        raise missing(kind.noun.capitalize(), ref)
    access.check_storage(
        request, row, what=kind.noun, by_id=owner is None, signed=_is_signed(request, row)
    )
    return row


def _is_signed(request: ApiRequest, row: Any) -> bool:
    """A signature opens reading, never writing."""
    signature = request.query.text("signature")
    if not signature or request.method not in access.READS:
        return False
    secret = secret_of(row)
    moment = int(now().timestamp() * 1000)
    key = request.params.get("recordKey")
    if key is not None and signing.opens_record(secret, key, signature):
        return True
    return signing.opens_storage(secret, row.id, signature, moment)


def secret_of(row: Any) -> str:
    """What the owner's clients sign URLs with."""
    user = User.objects.values_list("signing_secret", flat=True).get(id=row.user_id)
    return f"{user}{row.id}"


def shape(kind: Kind, request: ApiRequest, row: Any) -> dict[str, Any]:
    """The storage as the API shows it; the signing key only to its owner."""
    names = ("username", "signing_secret")
    username, secret = User.objects.values_list(*names).get(id=row.user_id)
    value = _fields(kind, row, username)
    if schema := _schema(kind, row):
        value["schema"] = schema
    identity = request.identity
    if identity and identity.user_id == row.user_id and kind.key != "requestQueue":
        value["urlSigningSecretKey"] = f"{secret}{row.id}"
    return value


def _schema(kind: Kind, row: Any) -> Any:
    """How the Actor's definition describes the default storage of a run; None otherwise."""
    if kind.key not in DEFINED or not row.act_run_id:
        return None
    own = {"id": row.act_run_id, DEFINED[kind.key]: row.id}
    builds = Run.objects.filter(**own).values("build_id")
    path = f"actor_definition__storages__{kind.key}"
    return Build.objects.filter(id__in=builds).values_list(path, flat=True).first()


def _fields(kind: Kind, row: Any, username: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "title": row.title,
        "userId": row.user_id,
        "username": username,
        "createdAt": iso(row.created_at),
        "modifiedAt": iso(row.modified_at),
        "accessedAt": iso(row.accessed_at),
        "actId": row.act_id,
        "actRunId": row.act_run_id,
        "generalAccess": row.general_access,
        "consoleUrl": f"{settings.CONSOLE_URL}/storage/{kind.page}/{row.id}/",
        **kind.shape(row),
    }


def _expires_at(row: Any, kept: timedelta) -> str | None:
    """When retention may take it: a name keeps it for good (rules 152, 206)."""
    if row.name is not None:
        return None
    return iso(max(row.created_at, row.accessed_at) + kept)


def routes(kind: Kind) -> list[Route]:
    """The collection's two routes."""

    def listed(request: ApiRequest) -> Response:
        identity = request.require_identity()
        page = request.query.page()
        rows = stores.KINDS[kind.key]._default_manager.filter(user_id=identity.user_id)
        if identity.run_id:
            rows = rows.filter(act_run_id=identity.run_id)
        unnamed = request.query.boolean("unnamed")
        if not unnamed:
            rows = rows.filter(name__isnull=False)
        way = "-" if page.desc else ""
        found = rows.order_by(f"{way}created_at", f"{way}id")
        total = rows.count()
        user = User.objects.get(id=identity.user_id)
        kept = timedelta(days=limits.of(user.limits)["dataRetentionDays"])
        items = [
            _listed(_fields(kind, row, identity.username)) | {"expireAt": _expires_at(row, kept)}
            for row in found[page.offset : page.offset + page.limit]
        ]
        return envelope.data(
            {
                "total": total,
                "offset": page.offset,
                "limit": page.limit,
                "count": len(items),
                "desc": page.desc,
                "unnamed": unnamed,
                "items": items,
            }
        )

    def create(request: ApiRequest) -> Response:
        identity = request.require_identity()
        name = request.query.text("name")
        made = {"act_id": identity.actor_id or None, "act_run_id": identity.run_id or None}
        if name:
            row, new = stores.get_or_create(kind.key, identity.user_id, checked_name(name), **made)
        else:
            row, new = stores.create(kind.key, identity.user_id, **made), True
        location = f"{request.base_url}/v2/{kind.path}/{row.id}"
        return envelope.created(shape(kind, request, row), location, 201 if new else 200)

    return [
        Route("GET", f"/v2/{kind.path}", listed),
        Route("POST", f"/v2/{kind.path}", create),
    ]


def _listed(value: dict[str, Any]) -> dict[str, Any]:
    """As official clients read lists: a text as the name, and no figure for the bytes of an empty
    store, at which the command line fails."""
    stats = {name: it for name, it in value["stats"].items() if it or name != "s3StorageBytes"}
    return {**value, "name": value["name"] or "", "stats": stats}


def mounted(kind: Kind) -> list[MountedRoute]:
    """get, update and delete of one storage."""

    def get(request: ApiRequest, row: Any) -> Response:
        return envelope.data(shape(kind, request, row))

    def update(request: ApiRequest, row: Any) -> Response:
        _change(kind, row, body_of(request))
        return envelope.data(shape(kind, request, row))

    def delete(request: ApiRequest, row: Any) -> Response:
        stores.delete(row)
        return envelope.empty()

    return [
        MountedRoute("GET", "", get, auth="id"),
        MountedRoute("PUT", "", update),
        MountedRoute("DELETE", "", delete),
    ]


def _change(kind: Kind, row: Any, body: dict[str, Any]) -> None:
    """`name` (null makes it unnamed), `title`, `generalAccess`; what is not given stays."""
    if "name" in body:
        row.name = None if body["name"] is None else checked_name(body["name"])
    if "title" in body:
        row.title = None if body["title"] is None else str(body["title"])[:255]
    if "generalAccess" in body:
        if body["generalAccess"] not in LEVELS:
            raise invalid_value(f"generalAccess must be one of {', '.join(LEVELS)}")
        row.general_access = body["generalAccess"]
    row.modified_at = now()
    try:
        row.save(update_fields=["name", "title", "general_access", "modified_at"])
    except IntegrityError:
        raise ApiError(
            409, "name-not-unique", f"You already have a {kind.noun} with this name. Choose another"
        ) from None


def checked_name(name: Any) -> str:
    if not isinstance(name, str) or not NAME.match(name):
        raise invalid_value(
            "name must have 1 to 63 letters, digits, dashes and dots, and begin and end with a "
            "letter or digit"
        )
    return name
