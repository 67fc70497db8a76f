from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.platform.domain.names import is_username
from apps.platform.models import User
from apps.platform.storage.accounts import add_token, token_of


class Command(BaseCommand):
    help = "Creates an account of the Platform, or finds it, and prints its API token."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="3 to 63 letters, digits, dots, dashes or underscores")
        parser.add_argument("--token", default="", help="the token it shall have")
        parser.add_argument(
            "--restricted", action="store_true", help="only the account reads its runs and storages"
        )

    def handle(self, *args: Any, name: str, token: str, restricted: bool, **options: Any) -> None:
        if not is_username(name):
            raise CommandError(
                f"{name!r} cannot be a username. Use 3 to 63 letters, digits, '.', '-' or '_'."
            )
        with transaction.atomic("platform"):
            user, _ = User.objects.get_or_create(username=name)
            if restricted or settings.PLATFORM_RESTRICTED:
                user.general_access = "RESTRICTED"
                user.save(update_fields=["general_access"])
            printed = add_token(user, token) if token else token_of(user)
        self.stdout.write(printed)
