import re
from collections.abc import Container
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction

from apps.platform.domain import limits
from apps.platform.domain.names import PROFILE, is_username
from apps.platform.models import User
from apps.platform.storage.accounts import add_token, is_of_another, token_of

TOKEN = re.compile(r"[!-~]{1,200}")


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
        if token and not TOKEN.fullmatch(token):
            raise CommandError("A token is 1 to 200 visible ASCII characters without spaces.")
        numbers = {key: _number(text) for key, text in _pairs(limit, limits.DEFAULTS).items()}
        try:
            printed = _account(
                name,
                token,
                restricted=restricted or settings.PLATFORM_RESTRICTED,
                email=email,
                profile=_pairs(profile, PROFILE),
                own_limits=numbers,
            )
        except DatabaseError as problem:
            raise CommandError(
                f"The database cannot be used: {problem}. Was `up` started once in {settings.HOME}?"
            ) from problem
        self.stdout.write(printed)


@transaction.atomic("platform")
def _account(
    name: str,
    token: str,
    *,
    restricted: bool,
    email: str | None,
    profile: dict[str, str],
    own_limits: dict[str, float],
) -> str:
    """The token of the account, which is made or brought up to date."""
    user, _ = User.objects.get_or_create(username=name)
    if restricted:
        user.general_access = "RESTRICTED"
    user.email = user.email if email is None else email
    user.profile = user.profile | profile
    user.limits = user.limits | own_limits
    user.save(update_fields=["general_access", "email", "profile", "limits"])
    if token and is_of_another(user, token):
        raise CommandError("Another account has this token.")
    return add_token(user, token) if token else token_of(user)


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
