"""The parts around every page: they depend on little, so each is rendered once and kept."""

from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.apps import apps
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from console.ui.nav import place_of

register = template.Library()


class Around(NamedTuple):
    """All that `ui/topbar.html` and `ui/sidebar.html` may show, as `around`."""

    person: str
    workspace: str | None
    zone: str
    section: str
    current: str
    unseen: int


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """`ui/<part>.html` for this person, workspace and section; it knows no more of the request."""
    request: Any = context["request"]
    around = Around(
        request.user.get_username() if hasattr(request, "user") else "",
        request.workspace.name if hasattr(request, "workspace") else None,
        request.zone.key if hasattr(request, "zone") else "UTC",
        *place_of(request.path),
        unseen(request) if hasattr(request, "workspace") else 0,
    )
    return rendered(part, around)


def unseen(request: Any) -> int:
    """How many of the person's operations have ended unseen; asked for once a page."""
    if not hasattr(request, "unseen"):
        rows = apps.get_model("operations", "Intent")._default_manager
        mine = {"user_id": request.user.pk, "workspace_id": request.workspace.id}
        request.unseen = rows.filter(is_seen=False, **mine).count()
    known: int = request.unseen
    return known


@lru_cache(maxsize=512)
def rendered(part: str, around: Around) -> SafeString:
    return render_to_string(f"ui/{part}.html", {"around": around})
