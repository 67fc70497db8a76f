import json
import sys
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from apps.team.links import make
from apps.team.setup import ensure_admin, ensure_workspace

ADMIN = "admin"


class Command(BaseCommand):
    """What `up` needs before people come: tables, first accounts, first workspace, samples.

    Reads one JSON object on standard input (platform_url, api_url, api_token) and prints one
    line of JSON (sign_in_path, api_url, api_token, username). Safe to repeat.
    """

    help = "Make the data folder ready. `up` calls this."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = json.load(sys.stdin)
        for name in connections:
            try:
                migrate(name)
            except DatabaseError as problem:
                raise CommandError(words(name, problem)) from problem
        api_url, token = wanted["api_url"], wanted["api_token"]
        if settings.PLATFORM_ON:
            api_url, token = wanted["platform_url"], platform_token()
            call_command("load_samples", user=ADMIN, stdout=StringIO())
        admin = ensure_admin(ADMIN)
        ensure_workspace("Home", api_url, token)
        told = {
            "sign_in_path": make(admin),
            "api_url": api_url,
            "api_token": token,
            "username": ADMIN,
        }
        self.stdout.write(json.dumps(told))


def migrate(database: str) -> None:
    """Asking first is three times quicker than `migrate` with nothing to do."""
    executor = MigrationExecutor(connections[database])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", database=database, verbosity=0, interactive=False)


def words(database: str, problem: DatabaseError) -> str:
    """What a person reads when a database cannot be used."""
    name, text = connections[database].settings_dict["NAME"], str(problem)
    if "locked" in text:
        return f"Another program holds the database {name}. Stop it, then start again."
    if "full" in text:
        return "The disk is full. Make room, then start again."
    if isinstance(problem, OperationalError):
        return f"The database {name} does not answer: {text.splitlines()[0]}."
    return f"The database {name} is damaged ({text}). Restore a backup, or move it away."


def platform_token() -> str:
    out = StringIO()
    call_command("platform_user", ADMIN, stdout=out)
    return out.getvalue().strip()
