"""That a storage was read: counted, and remembered for retention (semantics.md rules 152, 228)."""

from typing import Any

from django.db import OperationalError
from django.db.models import F, QuerySet

from apps.platform.domain.clock import now


def note(found: QuerySet[Any], **counts: int) -> None:
    """Adds to the columns in `counts`. On a full disk it does nothing: what is there must stay
    readable."""
    grown = {name: F(name) + number for name, number in counts.items()}
    try:
        found.update(accessed_at=now(), **grown)
    except OperationalError as problem:
        if "full" not in str(problem):
            raise
