"""One action on many runs: the ticked ones, or all of the list's filter. Each has an outcome."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from apps.runs.filters import read
from console.api.calls import Call
from console.api.errors import ApiError, Refused
from console.api.models.runs import Run, RunSummary
from console.api.resources.runs import abort_run, delete_run, resurrect_run
from console.request import ConsoleRequest, needs
from console.ui.names import actor_names

MOST = 1000  # runs that one action takes
AT_ONCE = 8
SECONDS = 20.0  # after which the page answers and offers to go on with the rest


class Done(NamedTuple):
    """`status` is the run's after the action, "" when it is gone or not known."""

    run_id: str
    actor: str = ""
    status: str = ""
    said: str = ""
    error: str = ""
    new_url: str = ""


@dataclass(frozen=True)
class Kind:
    """`takes` tells from a run of the list whether the action can do anything with it."""

    verb: str
    past: str
    call: Callable[[str], Call[Any]]
    takes: Callable[[RunSummary], bool]


ABORT = Kind("Abort", "Aborted", abort_run, lambda run: not run.is_terminal)
RESURRECT = Kind("Resurrect", "Resurrected", resurrect_run, lambda run: run.is_terminal)
DELETE = Kind("Delete", "Deleted", delete_run, lambda run: run.is_terminal)


@needs("runs.abort")
def abort_selected(request: ConsoleRequest) -> HttpResponse:
    return act_on_many(request, ABORT)


@needs("runs.resurrect")
def resurrect_selected(request: ConsoleRequest) -> HttpResponse:
    return act_on_many(request, RESURRECT)


@needs("runs.delete")
def delete_selected(request: ConsoleRequest) -> HttpResponse:
    return act_on_many(request, DELETE)


def act_on_many(request: ConsoleRequest, kind: Kind) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    listed = of_filter(request) if "filter" in request.POST else None
    if listed is None:
        ids = selected(request)
        actors: dict[str, str] = {}
    else:
        names = actor_names(request)
        ids = [run.id for run in listed if kind.takes(run)]
        actors = {run.id: names.get(run.act_id or "", "") for run in listed}
    done = [
        each._replace(actor=actors.get(each.run_id, ""))
        for each in in_time(ids, lambda some: perform(request, kind, some))
    ]
    left = len(listed) - len(ids) if listed is not None else 0
    return outcome_page(request, kind.verb, done, ids[len(done) :], skipped=left)


def selected(request: HttpRequest) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("run")))[:MOST]


def of_filter(request: ConsoleRequest) -> list[RunSummary]:
    """The newest MOST runs that the list's own filter finds, none started after the page was made.

    An API may ignore a filter that it does not know; what does not fit is never acted upon."""
    wanted, _ = read(QueryDict(request.POST["filter"]))
    listed = request.api.run(wanted.call(offset=0, limit=MOST, desc=True)).items
    until = moment(request.POST.get("until", ""))
    return [
        run
        for run in listed
        if wanted.holds(run) and (not until or not run.started_at or run.started_at <= until)
    ]


def moment(text: str) -> Any:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def in_time(ids: list[str], some: Callable[[list[str]], Iterable[Done]]) -> Iterable[Done]:
    """A few at once, as long as there is time; what is not reached is left out."""
    until = time.monotonic() + SECONDS
    for start in range(0, len(ids), AT_ONCE):
        if time.monotonic() > until:
            return
        yield from some(ids[start : start + AT_ONCE])


def perform(request: ConsoleRequest, kind: Kind, ids: list[str]) -> Iterable[Done]:
    answers = request.api.try_all(*map(kind.call, ids))
    return [done_of(kind, run_id, answer) for run_id, answer in zip(ids, answers, strict=True)]


def done_of(kind: Kind, run_id: str, answer: Any) -> Done:
    if isinstance(answer, Run):
        return Done(run_id, status=answer.status, said=kind.past)
    if not isinstance(answer, ApiError):
        return Done(run_id, said=kind.past)
    was_gone = isinstance(answer, Refused) and answer.status == HTTPStatus.NOT_FOUND
    if was_gone and kind is DELETE:
        return Done(run_id, said="Was gone already")
    return Done(run_id, error=words_of(answer))


def words_of(error: ApiError) -> str:
    doubt = " It may have been carried out: look at the run." if error.maybe_done else ""
    return error.sentence + doubt


def outcome_page(
    request: ConsoleRequest, verb: str, done: list[Done], rest: list[str], *, skipped: int = 0
) -> HttpResponse:
    """What became of each; those not reached in time can be gone on with from there."""
    failed = [each for each in done if each.error]
    context = {
        "verb": verb,
        "done": failed + [each for each in done if not each.error],
        "fine": len(done) - len(failed),
        "failed": len(failed),
        "rest": rest,
        "skipped": skipped,
        "back": f"?{request.POST['filter']}" if "filter" in request.POST else "",
    }
    return render(request, "runs/outcome.html", context)
