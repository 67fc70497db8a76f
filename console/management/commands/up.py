import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from console.up import main


class Command(BaseCommand):
    help = "Start all of Callboard: `manage.py up --help` tells the options."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rest", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(main(options["rest"]))
