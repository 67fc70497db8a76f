import os
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction

from apps.team.links import make
from apps.team.models import User, Workspace
from apps.team.setup import ensure_user
from apps.team.workspaces import set_role
from console.roles import Role


class Command(BaseCommand):
    help = "Make a Console user, or find one; set the role and, if asked, the password."

    def add_arguments(self, parser: CommandParser) -> None:
        roles = [role.word for role in Role]
        parser.add_argument("name")
        parser.add_argument("--role", choices=roles, required=True)
        parser.add_argument("--workspace", help="One workspace by name. All of them if left out.")
        parser.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        if password == "":
            raise CommandError("There was no password on standard input.")
        try:
            user, seats = self.seated(password, **options)
        except DatabaseError as problem:
            raise CommandError(
                f"The database cannot be used: {problem}. Was `up` started once in {settings.HOME}?"
            ) from problem
        self.stdout.write(f"{user.username} is {options['role']} of {seats}.")
        if not password:
            address = console_url() + make(user)
            self.stdout.write(f"Sign in once with {address}")

    @transaction.atomic
    def seated(
        self, password: str | None, *, name: str, role: str, workspace: str | None, **_: Any
    ) -> tuple[User, str]:
        """The user and the workspaces in which they sit now."""
        user = User.objects.filter(username=name).first() or ensure_user(checked(name))
        if password:
            user.set_password(password)
            user.save(update_fields=["password"])
        return user, self.seat(user, Role[role.upper()], workspace)

    def seat(self, user: User, role: Role, name: str | None) -> str:
        found = Workspace.objects.order_by("name")
        chosen = list(found if name is None else found.filter(name=name))
        if not chosen:
            known = ", ".join(found.values_list("name", flat=True)) or "none"
            raise CommandError(f"There is no such workspace. Known: {known}.")
        for workspace in chosen:
            set_role(user, workspace, role)
        return ", ".join(workspace.name for workspace in chosen)


def checked(name: str) -> str:
    """What the page for people takes too."""
    try:
        User._meta.get_field("username").clean(name, None)
    except ValidationError as problem:
        raise CommandError(f"{name!r} cannot be a name: {' '.join(problem.messages)}") from problem
    return name


def console_url() -> str:
    """What the variable says, else where `up` serves this data folder or served it last."""
    if "CALLBOARD_CONSOLE_URL" in os.environ:
        return str(settings.CONSOLE_URL)
    try:
        told = (settings.HOME / "up.lock").read_text().partition(" ")[0]
    except OSError:
        told = ""
    return told if told.startswith("http") else str(settings.CONSOLE_URL)
