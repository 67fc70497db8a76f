"""Who sits in the present workspace: everyone may look, admins seat people and change roles."""

from typing import Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.team import links
from apps.team.models import Membership, User, Workspace
from apps.team.setup import ensure_user
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


class NewMember(forms.Form):
    name = forms.CharField(label="Name", max_length=150, validators=[UnicodeUsernameValidator()])
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
    with transaction.atomic():
        user = ensure_user(form.cleaned_data["name"])
        if user.pk == request.user.pk:
            form.add_error("name", "That is you. Another admin changes your role.")
            return members_page(request, form)
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


def colleague(request: ConsoleRequest, user_id: int) -> User:
    """Somebody else who sits here, else 404."""
    own = cast(User, request.user)
    others = Membership.objects.filter(workspace_id=request.workspace.id).exclude(user=own)
    return get_object_or_404(others.select_related("user"), user_id=user_id).user


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
    """A link signs in as the person, so it is never made for one who also sits elsewhere, who has
    a password or who has been here before."""
    elsewhere = user.memberships.exclude(workspace_id=request.workspace.id).exists()
    known = user.is_superuser or user.last_login or user.has_usable_password()
    return not elsewhere and not known


def members_page(request: ConsoleRequest, form: NewMember, **more: Any) -> HttpResponse:
    seats = Membership.objects.filter(workspace_id=request.workspace.id).select_related("user")
    context = {
        "form": form,
        "seats": [(each.user, Role(each.role)) for each in seats.order_by("user__username")],
        "roles": ROLES,
        "meanings": [(role.word.capitalize(), text) for role, text in MEANINGS.items()],
        "changes": audit.recent(request, ACTION),
        **more,
    }
    refused = form.is_bound or (request.method == "POST" and "added" not in more)
    return render(request, "team/members.html", context, status=UNPROCESSABLE if refused else 200)
