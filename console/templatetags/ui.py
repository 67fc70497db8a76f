"""Small parts of pages. What a list repeats per row is made once and kept."""

import re
import secrets
from functools import cache, lru_cache

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from console.ui.assets import asset, icons
from console.ui.nav import current_section, links

register = template.Library()

STATUSES = {
    "READY": ("hour", "Ready"),
    "RUNNING": ("run", "Running"),
    "SUCCEEDED": ("ok", "Succeeded"),
    "FAILED": ("fail", "Failed"),
    "TIMING-OUT": ("clock", "Timing out"),
    "TIMED-OUT": ("clock", "Timed out"),
    "ABORTING": ("stop", "Aborting"),
    "ABORTED": ("stop", "Aborted"),
    "ENABLED": ("ok", "Enabled"),
    "DISABLED": ("pause", "Disabled"),
}


@cache
def icon_names() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', icons().decode()))


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Raises KeyError for a name that static/img/icons.svg does not hold."""
    if name not in icon_names():
        raise KeyError(name)
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        asset("icons.svg").url,
        name,
    )


@register.simple_tag
def asset_url(name: str) -> str:
    return asset(name).url


@register.simple_tag
@lru_cache(maxsize=64)
def status_badge(status: str | None) -> SafeString:
    """A status as icon and word; an unknown one shows the API's own word."""
    sign, word = STATUSES.get(status or "", ("info", status or "Unknown"))
    return format_html(
        '<span class="badge" data-status="{}">{}{}</span>', status or "", icon(sign), word
    )


@register.simple_tag
def intent_key() -> str:
    """One per form: the same key sent twice starts one piece of work."""
    return secrets.token_urlsafe(16)


@register.simple_tag
def crumbs(*parts: str) -> SafeString:
    """Pairs of label and address; a last label without address is the page itself."""
    pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
    steps = [
        (format_html('<a href="{}">{}</a>', pair[1], pair[0]),)
        if len(pair) > 1
        else (format_html('<span aria-current="page">{}</span>', pair[0]),)
        for pair in pairs
    ]
    return format_html(
        '<nav class="crumbs" aria-label="Breadcrumb"><ol>{}</ol></nav>',
        format_html_join("", "<li>{}</li>", steps),
    )


@register.simple_tag(takes_context=True)
def look(context: Context) -> SafeString:
    """The person's theme and density, from cookies, so that the first paint is right."""
    cookies = context["request"].COOKIES if "request" in context else {}
    theme, density = cookies.get("theme"), cookies.get("density")
    return format_html(
        "{}{}",
        format_html(' data-theme="{}"', theme) if theme in {"light", "dark"} else "",
        format_html(' data-density="{}"', density) if density == "roomy" else "",
    )


@register.simple_tag
@cache
def mark() -> SafeString:
    return format_html(
        '<svg class="mark" aria-hidden="true"><use href="{}#mark"/></svg>', asset("icons.svg").url
    )


@register.simple_tag
@cache
def close_button() -> SafeString:
    """Inside a dialog: works without a script where the form method `dialog` is known."""
    return format_html(
        '<form method="dialog" class="push"><button class="button" data-kind="quiet"'
        ' data-shape="square" aria-label="Close">{}</button></form>',
        icon("x"),
    )


@register.simple_tag
def nav_links(path: str) -> SafeString:
    return rendered_links(current_section(path))


@cache
def rendered_links(section: str) -> SafeString:
    return render_to_string("ui/nav_links.html", {"links": links(section)})


@register.simple_tag
@cache
def shortcut_rows() -> SafeString:
    return format_html_join(
        "",
        "<dt><kbd>G</kbd> <kbd>{}</kbd></dt><dd>{}</dd>",
        ((link.key.upper(), link.label) for link in links("")),
    )
