from collections.abc import Container
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.platform.domain import limits
from apps.platform.domain.names import PROFILE, is_username
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

        parser.add_argument("--email", help="shown to the account itself")
        parser.add_argument(
            "--profile",
            action="append",
            default=[],
            metavar="NAME=TEXT",
            help=f"one of {', '.join(PROFILE)}; shown to everybody",
        )
        parser.add_argument(
            "--limit",
            action="append",
            default=[],
            metavar="NAME=NUMBER",
            help=f"one of {', '.join(limits.DEFAULTS)}",
        )

    def handle(
        self,
        *args: Any,
        name: str,
        token: str,
        restricted: bool,
        email: str | None,
        profile: list[str],
        limit: list[str],
        **options: Any,
    ) -> None:
        if not is_username(name):
            raise CommandError(
                f"{name!r} cannot be a username. Use 3 to 63 letters, digits, '.', '-' or '_'."
            )
        with transaction.atomic("platform"):
            user, _ = User.objects.get_or_create(username=name)
            if restricted or settings.PLATFORM_RESTRICTED:
                user.general_access = "RESTRICTED"
            user.email = user.email if email is None else email
            user.profile = user.profile | _pairs(profile, PROFILE)
            user.limits = user.limits | {
                key: _number(text) for key, text in _pairs(limit, limits.DEFAULTS).items()
            }
            user.save(update_fields=["general_access", "email", "profile", "limits"])
            printed = add_token(user, token) if token else token_of(user)
        self.stdout.write(printed)


def _pairs(given: list[str], known: Container[str]) -> dict[str, str]:
    pairs = {name: text for name, _, text in (each.partition("=") for each in given)}
    for name in pairs:
        if name not in known:
            raise CommandError(f"{name!r} is not known. --help lists the names.")
    return pairs


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a number.") from None
    if not 0 <= number < limits.HIGHEST:
        raise CommandError(f"{text} is not between 0 and {limits.HIGHEST:,}.")
    return int(number) if number.is_integer() else number
