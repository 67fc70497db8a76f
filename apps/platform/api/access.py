"""Who may do what with a row (semantics.md rules 22-33, design.md section 7).

The owner may do everything. Anyone who knows an id may read, unless the row or its owner's account
is RESTRICTED. A token of a run reaches what that run made, named storages and its children.
What may not be reached looks as if it were not there.
"""

from typing import Any

from apps.platform.domain.errors import insufficient_permissions, not_found, token_missing
from apps.platform.domain.identity import Identity
from apps.platform.http.request import ApiRequest
from apps.platform.models import Run, User

FOLLOW = "FOLLOW_USER_SETTING"
RESTRICTED = "RESTRICTED"
BY_NAME = "ANYONE_WITH_NAME_CAN_READ"
READS = frozenset({"GET", "HEAD"})


def general_access_of(owner_id: str, general_access: str) -> str:
    """The setting of the row, or of the account when the row follows it."""
    if general_access != FOLLOW:
        return general_access
    found = User.objects.filter(id=owner_id).values_list("general_access", flat=True).first()
    return found or RESTRICTED


def check_read(
    request: ApiRequest,
    *,
    owner_id: str,
    general_access: str,
    what: str,
    by_id: bool,
    signed: bool = False,
) -> None:
    """ApiError 401, 403 or 404 unless the caller may read; `what` is a noun: "dataset"."""
    identity = request.identity
    if signed or (identity and identity.user_id == owner_id):
        return
    access = general_access_of(owner_id, general_access)
    if access == BY_NAME:
        return
    if not by_id:
        raise not_found(what.capitalize())
    if access == RESTRICTED:
        raise insufficient_permissions(what) if identity else token_missing()


def check_write(request: ApiRequest, *, owner_id: str, what: str) -> Identity:
    """ApiError 401, or 404 when the row is someone else's."""
    identity = request.require_identity()
    if identity.user_id != owner_id:
        raise not_found(what.capitalize())
    return identity


def check_storage(
    request: ApiRequest, row: Any, *, what: str, by_id: bool, signed: bool = False
) -> None:
    """`row` has user_id, general_access, name, act_id and act_run_id. GET and HEAD read, every
    other method writes."""
    identity = request.identity
    if request.method in READS:
        check_read(
            request,
            owner_id=row.user_id,
            general_access=row.general_access,
            what=what,
            by_id=by_id,
            signed=signed,
        )
    else:
        check_write(request, owner_id=row.user_id, what=what)
    if identity and identity.run_id and identity.user_id == row.user_id and not signed:
        check_run_token_reaches_storage(identity, row, what=what)


def check_run_token_reaches_storage(identity: Identity, row: Any, *, what: str) -> None:
    mine = (
        row.name
        or row.act_run_id == identity.run_id
        or (row.act_id and row.act_id == identity.actor_id)
        or (row.act_run_id and is_child(row.act_run_id, identity.run_id))
    )
    if not mine:
        raise insufficient_permissions(what)


def is_child(run_id: str, parent_id: str) -> bool:
    return Run.objects.filter(id=run_id, parent_run_id=parent_id).exists()


def refuse_run_token(request: ApiRequest, what: str) -> Identity:
    """For what a run may not touch at all: ApiError 403 when the token belongs to a run."""
    identity = request.require_identity()
    if identity.run_id:
        raise insufficient_permissions(what)
    return identity
