"""What is done with tasks as they are saved: started or deleted, one or many at once."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from console.api.errors import ApiError
from console.api.models.tasks import Task
from console.api.resources.tasks import delete_task, get_task, run_task
from console.intents import run_once
from console.outcomes import Outcome
from console.request import ConsoleRequest, needs
from console.ui.actions import act, go
from console.ui.responses import tell

MOST = 200


@needs("tasks.edit")
def delete(request: ConsoleRequest, task_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: request.api.run(delete_task(task_id)),
        then=lambda _: reverse("tasks:list"),
        said=lambda _: "The task was deleted. Its runs stay.",
    )


def selected(request: HttpRequest) -> list[str]:
    """The ticked rows; the button of one row means that row alone."""
    if request.GET.get("only"):
        return [request.GET["only"]]
    return list(dict.fromkeys(request.POST.getlist("task")))[:MOST]


@needs("runs.start")
def start_selected(request: ConsoleRequest) -> HttpResponse:
    """Each with its saved input; one that cannot start does not keep the others from it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = selected(request)
    outcomes: list[Outcome] = []
    for found in request.api.try_all(*map(get_task, chosen)):
        try:
            if isinstance(found, ApiError):
                raise found
            outcomes.append(started(request, found))
        except ApiError as error:
            name = "A task" if isinstance(found, ApiError) else found.title or found.name
            tell(request, f"{name} was not started: {error.sentence}", tone="error")
    if len(chosen) == len(outcomes) == 1:
        return go(request, outcomes[0].url)
    if outcomes:
        tell(request, f"Started {len(outcomes)} of {len(chosen)}.")
    elif not chosen:
        tell(request, "No task was selected.", tone="warning")
    return go(request, reverse("tasks:list"))


def started(request: ConsoleRequest, task: Task) -> Outcome:
    intent = request.POST.get("intent", "")
    return run_once(
        request,
        kind="run.start",
        key=f"{intent[:40]}.{task.id}" if intent else "",
        call=run_task(task.id),
        subject=task.title or task.name,
        target_id=task.act_id or "",
    )


@needs("tasks.edit")
def delete_selected(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = selected(request)
    ended = request.api.try_all(*map(delete_task, chosen))
    for task_id, answer in zip(chosen, ended, strict=True):
        if isinstance(answer, ApiError):
            tell(request, f"{task_id} was not deleted: {answer.sentence}", tone="error")
    gone = sum(not isinstance(answer, ApiError) for answer in ended)
    tell(request, f"Deleted {gone} of {len(chosen)}." if chosen else "No task was selected.")
    return go(request, reverse("tasks:list"))
