import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

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
        with transaction.atomic():
            user = ensure_user(options["name"])
            if password:
                user.set_password(password)
                user.save(update_fields=["password"])
            seats = self.seat(user, Role[options["role"].upper()], options["workspace"])
        self.stdout.write(f"{user.username} is {options['role']} of {seats}.")
        if not password:
            address = console_url() + make(user)
            self.stdout.write(f"Sign in once with {address}")

    def seat(self, user: User, role: Role, name: str | None) -> str:
        found = Workspace.objects.order_by("name")
        chosen = list(found if name is None else found.filter(name=name))
        if not chosen:
            known = ", ".join(found.values_list("name", flat=True)) or "none"
            raise CommandError(f"There is no such workspace. Known: {known}.")
        for workspace in chosen:
            set_role(user, workspace, role)
        return ", ".join(workspace.name for workspace in chosen)


def console_url() -> str:
    """What the variable says, else where `up` serves this data folder or served it last."""
    if "CALLBOARD_CONSOLE_URL" in os.environ:
        return str(settings.CONSOLE_URL)
    try:
        told = (settings.HOME / "up.lock").read_text().partition(" ")[0]
    except OSError:
        told = ""
    return told if told.startswith("http") else str(settings.CONSOLE_URL)
