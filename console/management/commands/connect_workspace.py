import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.team.setup import ensure_workspace


class Command(BaseCommand):
    help = "Make a workspace, or find one by name, and connect it to an API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--api-url", required=True, help="Without /v2 at the end.")
        parser.add_argument(
            "--api-token-stdin", action="store_true", help="Read the token from standard input."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        token = sys.stdin.readline().strip() if options["api_token_stdin"] else ""
        if options["api_token_stdin"] and not token:
            raise CommandError("There was no token on standard input.")
        if not options["api_url"].startswith(("http://", "https://")):
            raise CommandError("The address must start with http:// or https://.")
        row = ensure_workspace(options["name"], options["api_url"], token)
        state = f"token ends in {row.last_four}" if row.last_four else "it has no token yet"
        self.stdout.write(f"{row.name} is connected to {row.api_url}; {state}.")
