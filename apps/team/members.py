"""Who sits in the present workspace: everyone may look, admins seat people and change roles."""

from typing import Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.team import links
from apps.team.models import Membership, User, Workspace
from apps.team.setup import ensure_user
from apps.team.told import told
from apps.team.workspaces import set_role
from console import audit
from console.request import ConsoleRequest, Role, needs
from console.ui.actions import act
from console.ui.responses import tell

UNPROCESSABLE = 422
ACTION = "team.manage"
MEANINGS = {
    Role.VIEWER: "looks at everything",
    Role.LAUNCHER: "starts runs, aborts their own",
    Role.OPERATOR: "edits tasks, schedules, webhooks and storages",
    Role.ADMIN: "edits Actors, limits, people and the connection",
}
ROLES = [(role.name, role.word.capitalize()) for role in Role]


OWN = "That is you. Another admin changes your role."
INSTEAD = "change the role in the list."
NAMES = UnicodeUsernameValidator(message="Letters, digits and . - _ @ + only, without spaces.")


class NewMember(forms.Form):
    name = forms.CharField(label="Name", max_length=150, validators=[NAMES])
    role = forms.ChoiceField(label="Role", choices=ROLES)


@needs("read")
@require_safe
def members(request: ConsoleRequest) -> HttpResponse:
    return members_page(request, NewMember(initial={"role": Role.LAUNCHER.name}))


@never_cache
@needs("team.manage")
@require_POST
def add(request: ConsoleRequest) -> HttpResponse:
    """Seats a person. Who has never signed in gets a link, which is shown this once."""
    form = NewMember(request.POST)
    if not form.is_valid():
        return members_page(request, form)
    name = form.cleaned_data["name"]
    if Membership.objects.filter(workspace_id=request.workspace.id, user__username=name).exists():
        is_own = name == request.user.get_username()
        form.add_error("name", OWN if is_own else f"{name} works here already: {INSTEAD}")
        return members_page(request, form)
    with transaction.atomic():
        user = ensure_user(name)
        seat(request, user, Role[form.cleaned_data["role"]])
        link = request.build_absolute_uri(links.make(user)) if is_new(request, user) else ""
    tell(request, f"{user.username} is {form.cleaned_data['role'].lower()} here.")
    blank = NewMember(initial={"role": Role.LAUNCHER.name})
    return members_page(request, blank, added=user.username, link=link)


@needs("team.manage")
@require_POST
def set_member_role(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """A change ends the person's sessions; their own role nobody changes."""
    user = colleague(request, user_id)
    role = Role.__members__.get(request.POST.get("role", ""))
    if role is None:
        return members_page(request, NewMember())
    return act(
        request,
        perform=lambda: seat(request, user, role),
        then=lambda _: reverse("team:members"),
        said=lambda _: f"{user.username} is {role.word} now and signs in again.",
    )


@needs("team.manage")
@require_POST
def remove(request: ConsoleRequest, user_id: int) -> HttpResponse:
    user = colleague(request, user_id)
    return act(
        request,
        perform=lambda: seat(request, user, None),
        then=lambda _: reverse("team:members"),
        said=lambda _: f"{user.username} has no seat here any more.",
    )


@never_cache
@needs("team.manage")
@require_POST
def new_link(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """Another link for who has lost theirs and has no password, shown this once; written down."""
    user = colleague(request, user_id)
    blank = NewMember(initial={"role": Role.LAUNCHER.name})
    if not needs_link(user, elsewhere(request).filter(user=user).exists()):
        tell(request, f"{user.username} signs in with a password of their own.", tone="error")
        return members_page(request, blank)
    link = request.build_absolute_uri(links.make(user))
    known = {"name": user.username, "role": Role(others(request).get(user=user).role).word}
    audit.record(request, ACTION, before=known, after={**known, "link": True})
    return members_page(request, blank, added=user.username, link=link)


def others(request: ConsoleRequest) -> QuerySet[Membership]:
    own = cast(User, request.user)
    return Membership.objects.filter(workspace_id=request.workspace.id).exclude(user=own)


def elsewhere(request: ConsoleRequest) -> QuerySet[Membership]:
    return Membership.objects.exclude(workspace_id=request.workspace.id)


def colleague(request: ConsoleRequest, user_id: int) -> User:
    """Somebody else who sits here, else 404."""
    return get_object_or_404(others(request).select_related("user"), user_id=user_id).user


def seat(request: ConsoleRequest, user: User, role: Role | None) -> None:
    """Gives a role or, with None, takes the seat away, and writes down who did it."""
    workspace = Workspace.objects.get(pk=request.workspace.id)
    held = Membership.objects.filter(user=user, workspace=workspace).first()
    set_role(user, workspace, role)
    before = {"name": user.username, "role": Role(held.role).word if held else "none"}
    after = {**before, "role": role.word if role else "none"}
    if before != after:
        audit.record(request, ACTION, before=before, after=after)


def is_new(request: ConsoleRequest, user: User) -> bool:
    """With a seat comes a link, but not for one who has been here before."""
    sits_elsewhere = elsewhere(request).filter(user=user).exists()
    return not user.last_login and needs_link(user, sits_elsewhere)


def needs_link(user: User, sits_elsewhere: bool) -> bool:
    """A link signs in as the person, so it is only for who sits nowhere else and has no other way
    in: no password, and not the owner of this Console."""
    return not (sits_elsewhere or user.is_superuser or user.has_usable_password())


def members_page(request: ConsoleRequest, form: NewMember, **more: Any) -> HttpResponse:
    seats = Membership.objects.filter(workspace_id=request.workspace.id).select_related("user")
    busy = set(elsewhere(request).values_list("user_id", flat=True))
    context = {
        "form": form,
        "seats": [
            (each.user, Role(each.role), needs_link(each.user, each.user_id in busy))
            for each in seats.order_by("user__username")
        ],
        "roles": ROLES,
        "meanings": [(role.word.capitalize(), text) for role, text in MEANINGS.items()],
        "changes": [(entry, told(entry)) for entry in audit.recent(request)],
        **more,
    }
    refused = form.is_bound or (request.method == "POST" and "added" not in more)
    return render(request, "team/members.html", context, status=UNPROCESSABLE if refused else 200)
