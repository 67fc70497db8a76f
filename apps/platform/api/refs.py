"""References in paths: an id, `user~name`, `~name` (semantics.md rules 29-33)."""

from apps.platform.domain.errors import ApiError, not_found
from apps.platform.http.request import ApiRequest
from apps.platform.models import User


def resolve_ref(request: ApiRequest, ref: str, what: str) -> tuple[str | None, str]:
    """(None, id) or (owner's id, name); ApiError 401 for a name without a token, 404 when
    there is no such user. The user may be given by name or id, as may `me`."""
    owner, mark, name = ref.partition("~")
    if not mark:
        return None, ref
    identity = request.require_identity()
    if owner in {"", "me", identity.username, identity.user_id}:
        return identity.user_id, name
    users = User.objects.values_list("id", flat=True)
    found = users.filter(username=owner).first() or users.filter(id=owner).first()
    if found is None:
        raise not_found(what)
    return found, name


def missing(what: str, ref: str) -> ApiError:
    return not_found(f"{what} with ID or name {ref[:80]}")
