"""The Platform's tables live in a database of their own."""

from typing import Any


class Router:
    """Sends the app `platform` to the database `platform`, everything else to `default`."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "platform" if model._meta.app_label == "platform" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return self.db_for_read(one) == self.db_for_read(other)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == "platform") == (app_label == "platform")
