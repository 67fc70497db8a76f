"""Small parts of pages. What a list repeats per row is made once and kept."""

import re
import secrets
import time
from collections.abc import Mapping
from functools import cache, lru_cache
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from console.templatetags.fmt import spoken
from console.ui.assets import asset, icons
from console.ui.nav import links

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
    "ACTIVE": ("hour", "Active"),
    "ENABLED": ("ok", "Enabled"),
    "DISABLED": ("pause", "Disabled"),
}
ORIGINS = {  # of runs and builds: icon and word
    "WEB": ("web", "Console"),
    "API": ("api", "API"),
    "CLI": ("api", "CLI"),
    "SCHEDULER": ("clock", "Schedule"),
    "WEBHOOK": ("plug", "Webhook"),
    "ACTOR": ("actor", "Actor"),
    "DEVELOPMENT": ("edit", "Development"),
}
SHOWN = 12  # calls of a page that its link names
TOAST_SIGNS = {"error": "fail", "warning": "warn", "info": "info"}


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


@register.filter
def status_word(status: str | None) -> str:
    """The API's own word for one that is not known here."""
    return STATUSES.get(status or "", ("", status or "Unknown"))[1]


@register.filter
def origin(value: str | None) -> str:
    """What started a run or build, in the words of the list of runs."""
    return ORIGINS.get(value or "", ("", spoken(value or "") or "Unknown"))[1]


@register.simple_tag
@lru_cache(maxsize=64)
def status_badge(status: str | None) -> SafeString:
    """A status as icon and word; an unknown one shows the API's own word."""
    sign, word = STATUSES.get(status or "", ("info", status or "Unknown"))
    return format_html(
        '<span class="badge" data-status="{}">{}{}</span>', status or "", icon(sign), word
    )


@register.simple_tag
@lru_cache(maxsize=64)
def status_sign(status: str | None) -> SafeString:
    """The icon alone, where a list shows one kind of status; the word is for screen readers."""
    sign, word = STATUSES.get(status or "", ("info", status or "Unknown"))
    return format_html(
        '<span class="sign" data-status="{}">{}<span class="vh">{}</span></span>',
        status or "",
        icon(sign),
        word,
    )


@register.simple_tag
def work_stream() -> str:
    """The stream of pages that have none of their own, and when this page was made."""
    return f"/operations/events/?shown={int(time.time() * 1000)}"


@register.simple_tag
def intent_key() -> str:
    """One per form: the same key sent twice starts one piece of work."""
    return secrets.token_urlsafe(16)


@register.simple_tag
@lru_cache(maxsize=512, typed=True)
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
@cache
def nav_links(section: str, current: str) -> SafeString:
    """`current` is what `aria-current` says of the section's link."""
    return render_to_string("ui/nav_links.html", {"links": links(section), "current": current})


@register.simple_tag
@cache
def shortcut_rows() -> SafeString:
    return format_html_join(
        "",
        "<dt><kbd>G</kbd> <kbd>{}</kbd></dt><dd>{}</dd>",
        ((link.key.upper(), link.label) for link in links("")),
    )


@register.inclusion_tag("ui/toast.html")
def toast(text: object, tone: str) -> dict[str, object]:
    return {"text": text, "tone": tone, "sign": TOAST_SIGNS.get(tone, "ok")}


@register.simple_tag
def copy_button(text: str, label: str) -> SafeString:
    """`label` names what is copied: "run ID"."""
    return format_html(
        '<button class="button copy" data-kind="quiet" data-shape="square" type="button"'
        ' data-script data-copy="{}" aria-label="Copy {}" title="Copy {}">{}</button>',
        text,
        label,
        label,
        icon("copy"),
    )


@register.simple_block_tag
def menu(content: str, label: str, sign: str = "more") -> SafeString:
    """A button that opens links and buttons; works without a script."""
    return format_html(
        '<details class="menu" data-menu><summary class="button" data-kind="quiet"'
        ' data-shape="square" aria-label="{}" title="{}">{}</summary><div>{}</div></details>',
        label,
        label,
        icon(sign),
        content,
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, *, open: bool = False) -> SafeString:
    """A sheet at the page's edge. `content` holds `.body` and `footer`.

    The link that opens it has `?dialog=<id>` in its address, for which the view passes `open`.
    """
    return format_html(
        '<dialog class="dialog" id="{0}" aria-labelledby="{0}-title"{1}>'
        '<header><h2 id="{0}-title">{2}</h2>{3}</header>{4}</dialog>',
        id,
        " open" if open else "",
        title,
        close_button(),
        content,
    )


@register.simple_block_tag
def confirm(
    content: str, id: str, label: str, title: str, *, sign: str = "trash", kind: str = "danger"
) -> SafeString:
    """A button that asks first, without any script. `content`: the consequence and the real button.

    Inside a form the real button belongs to that form.
    """
    return format_html(
        '<button class="button" data-kind="{5}" type="button" popovertarget="{0}">'
        '{1}{2}</button><div class="confirm" id="{0}" popover role="dialog"'
        ' aria-labelledby="{0}-title">'
        '<h2 id="{0}-title">{3}</h2>{4}<button class="button" data-kind="quiet" type="button"'
        ' popovertarget="{0}" popovertargetaction="hide">Cancel</button></div>',
        id,
        icon(sign),
        label,
        title,
        content,
        kind,
    )


# Pages that ask for nothing before their form is sent, with what it sends.
FORMS = {
    "actors:create": (("POST", "/v2/acts", ""),),
    "schedules:create": (("POST", "/v2/schedules", ""),),
}


@register.simple_tag(takes_context=True)
def api_link(context: Context) -> SafeString | str:
    """To the calls that made this page, or else those that its form will make."""
    request = context["request"]
    made = getattr(getattr(request, "api", None), "made", ())
    asked = tuple((call.method, call.path, query(call.params)) for call in made[:SHOWN])
    at = request.resolver_match.view_name if request.resolver_match else ""
    return link_to(asked or FORMS.get(at, ()))


@lru_cache(maxsize=512)
def link_to(calls: tuple[tuple[str, str, str], ...]) -> SafeString | str:
    if not calls:
        return ""
    return format_html(
        '<a class="button desk" data-kind="quiet" href="{}?{}" aria-label="API calls of this page">'
        "{}API</a>",
        reverse("api_calls:panel"),
        urlencode([("call", f"{method} {path}{params}") for method, path, params in calls]),
        icon("api"),
    )


def query(params: Mapping[str, str]) -> str:
    return f"?{urlencode(params)}" if params else ""
