"""How a run ends: its status and sentence, written with usage and statistics in one go."""

from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from apps.platform.domain import statuses
from apps.platform.domain.clock import now
from apps.platform.engine import leases, measure, outbox, process
from apps.platform.models import Run, Token

MOST_RESTARTS = 3


@dataclass(frozen=True)
class End:
    status: str
    exit_code: int | None
    sentence: str
    weighty: bool = False  # said even when the Actor left a message of its own


ABORTED = End(statuses.ABORTED, None, "The run was aborted")
GIVEN_UP = End("", None, "")  # somebody else goes on with it
REASONS = {
    "memory": "The Actor ran out of its {memoryMbytes} MB of memory. Give it more.",
    "disk": "The Actor filled its {diskMbytes} MB of disk. They grow with its memory.",
    "processes": "The Actor started too many processes.",
}


def timed_out(run: Run, code: int | None) -> End:
    sentence = (
        f"The run took longer than its limit of {run.options.get('timeoutSecs')} s. "
        "Resurrect it with a longer one."
    )
    return End(statuses.TIMED_OUT, code, sentence, weighty=True)


def of(run: Run, wish: str, boxed: process.Boxed, code: int) -> End:
    """What exit code `code` means after `wish`."""
    if wish in {"abort", "graceful"}:
        return replace(ABORTED, exit_code=code)
    if wish == "timeout":
        return timed_out(run, code)
    if wish in {"lost", "shutdown"}:
        return GIVEN_UP
    if code == 0 and not boxed.broke:
        return End(statuses.SUCCEEDED, 0, "The Actor finished")
    if boxed.broke:
        sentence = REASONS[boxed.broke].format(**run.options)
        return End(statuses.FAILED, code, sentence, weighty=True)
    return End(statuses.FAILED, code, f"The Actor ended with exit code {code}")


def finish(run: Run, end: End, stats: dict[str, Any]) -> None:
    """One transaction, unless another runner has the run."""
    with transaction.atomic("platform"):
        found = Run.objects.select_for_update().get(id=run.id)
        if found.fence != run.fence or found.status in statuses.TERMINAL:
            return
        values: dict[str, Any] = {
            "status": statuses.ABORTED if found.status == statuses.ABORTING else end.status,
            "exit_code": end.exit_code,
            "finished_at": now(),
            "stats": stats,
            "usage": measure.usage_of(measure.storages_of(found), stats),
            "owner": "",
            "asked": "",
            "web_address": "",
            "web_ready": False,
        }
        if end.weighty or not found.status_message:
            values["status_message"] = end.sentence
        leases.write(run, **values)
        Token.objects.filter(run_id=run.id).delete()
        outbox.run_changed(run.id)


def give_back(run: Run, stats: dict[str, Any]) -> None:
    """The runner stops: the next one goes on at once."""
    moved = {name: stats.get(name, 0) + 1 for name in ("restartCount", "migrationCount")}
    leases.write(run, frozenset({statuses.RUNNING}), status=statuses.READY, stats=stats | moved)
    leases.write(run, web_address="", web_ready=False)
    leases.release(run)
