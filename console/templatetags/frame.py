"""The parts of every page: they depend on little, so each is rendered once for what it shows.

A template costs several microseconds a node, and these have a hundred.
"""

from functools import cache, lru_cache
from typing import Any, NamedTuple

from django import template
from django.apps import apps
from django.db import connection
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name

from console.ui.listing import Pager
from console.ui.nav import place_of
from console.ui.rows import row_html
from console.ui.tabs import Tab

register = template.Library()


class Around(NamedTuple):
    """All that `ui/head.html` and `ui/foot.html` may show, as `around`."""

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
        with connection.cursor() as cursor:  # plain: the ORM's way costs a tenth of the page
            cursor.execute(counting(), [request.user.pk, request.workspace.id, False])
            request.unseen = cursor.fetchone()[0]
    known: int = request.unseen
    return known


@cache
def counting() -> str:
    table = connection.ops.quote_name(apps.get_model("operations", "Intent")._meta.db_table)
    return f"SELECT COUNT(*) FROM {table} WHERE user_id = %s AND workspace_id = %s AND is_seen = %s"  # noqa: S608 - the model's own table


@lru_cache(maxsize=512)
def rendered(part: str, around: Around) -> SafeString:
    return render_to_string(f"ui/{part}.html", {"around": around})


class TabBar(NamedTuple):
    tabs: tuple[Tab, ...]
    label: str


class PagerBar(NamedTuple):
    pager: Pager
    zone: str


@register.simple_tag(takes_context=True)
def tab_bar(context: Context) -> SafeString:
    """`tabs`, named by `label`."""
    return row_html("ui/kept/tabs.html", TabBar(tuple(context["tabs"]), context["label"]))


@register.simple_tag(takes_context=True)
def pager_bar(context: Context) -> SafeString | str:
    """`pager`; nothing below an empty list."""
    pager: Pager = context["pager"]
    if not pager.total:
        return ""
    return row_html("ui/kept/pager.html", PagerBar(pager, get_current_timezone_name()))
