"""Runs that have been, started once more with their own input, build and bounds."""

from collections.abc import Iterable

from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from apps.runs.bulk import Done, in_time, outcome_page, selected, words_of
from console.api.calls import Answer
from console.api.errors import ApiError, Refused
from console.api.models.runs import Run
from console.api.resources.runs import get_run, run_record, start_run
from console.intents import run_once
from console.outcomes import DONE
from console.request import ConsoleRequest, needs

MOST = 100
NOT_FOUND = 404


@needs("runs.start")
def start_selected(request: ConsoleRequest) -> HttpResponse:
    """Each start is an intent of its own, so a form that is sent twice starts nothing twice."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    ids = selected(request)
    taken = ids[:MOST]
    done = list(in_time(taken, lambda some: started(request, some)))
    return outcome_page(request, "Run again", done, ids[len(done) :])


def started(request: ConsoleRequest, ids: list[str]) -> Iterable[Done]:
    runs = request.api.try_all(*map(get_run, ids))
    inputs = request.api.try_all(*[run_record(run_id, "INPUT") for run_id in ids])
    for run_id, run, record in zip(ids, runs, inputs, strict=True):
        try:
            yield start(request, run, record)
        except ApiError as error:
            yield Done(run_id, error=words_of(error))


def start(request: ConsoleRequest, run: Run | ApiError, record: Answer | ApiError) -> Done:
    if isinstance(run, ApiError):
        raise run
    if isinstance(record, ApiError):
        if not (isinstance(record, Refused) and record.status == NOT_FOUND):
            raise record  # without its input it would be another run
        record = Answer(200, {}, b"")
    if run.act_id is None:
        return Done(run.id, error="The API does not say which Actor this was.")
    ceiling = run.options.max_total_charge_usd
    intent = request.POST.get("intent", "")
    outcome = run_once(
        request,
        kind="run.start",
        key=f"{intent[:40]}.{run.id}" if intent else "",
        call=start_run(
            run.act_id,
            input_body=record.content,
            content_type=record.headers.get("content-type", ""),
            build=run.options.build or None,
            timeout=run.options.timeout_secs,
            memory=run.options.memory_mbytes,
            max_items=run.options.max_items,
            max_total_charge_usd=None if ceiling is None else f"{ceiling:f}",
        ),
        subject=f"run {run.id} again",
        target_id=run.act_id,
    )
    if outcome.state != DONE:
        return Done(run.id, error=outcome.sentence)
    return Done(run.id, said="Started", new_url=reverse("runs:detail", args=[outcome.object_id]))
