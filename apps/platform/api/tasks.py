"""Tasks, their input and their runs (endpoints 32-38, 40-45; semantics.md rules 139-147)."""

from urllib.parse import quote

from django.db import transaction
from starlette.responses import Response

from apps.platform.api import fields, run_sync, runs, task_fields
from apps.platform.api.access import refuse_run_token
from apps.platform.api.actors import find_actor
from apps.platform.api.finding import find_task
from apps.platform.api.unique import unique_name
from apps.platform.domain.clock import now
from apps.platform.domain.errors import invalid_request
from apps.platform.engine import tasks as engine
from apps.platform.http import envelope, json
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Actor, Task
from apps.platform.storage import allowances


def own_task(request: ApiRequest) -> Task:
    """The task in the path when the caller may change it."""
    refuse_run_token(request, "Actor task")
    return find_task(request)


def list_tasks(request: ApiRequest) -> Response:
    """Rule 139. Nobody can use another's task, so those used are among those created."""
    identity = refuse_run_token(request, "list of Actor tasks")
    page = request.query.page()
    rows = Task.objects.filter(user_id=identity.user_id)
    mark = "-" if page.desc else ""
    found = rows.order_by(mark + "created_at", mark + "id")[page.offset : page.offset + page.limit]
    wanted = {task.actor_id for task in found}
    actors = Actor.objects.select_related("user").in_bulk(wanted)
    items = [
        task_fields.short(task, actors.get(task.actor_id), identity.username) for task in found
    ]
    return envelope.listing(items, rows.count(), page)


def create_task(request: ApiRequest) -> Response:
    identity = refuse_run_token(request, "Actor task")
    body = fields.body_of(request)
    fields.text(body, "name")
    actor = find_actor(request, fields.text(body, "actId"))
    task = task_fields.fill(Task(user_id=identity.user_id, actor=actor), body)
    with unique_name("actor-task", "a task", task.name), transaction.atomic("platform"):
        allowances.check_count(identity.user_id, Task.objects.filter(user_id=identity.user_id))
        task.save(force_insert=True)
    location = f"{request.base_url}/v2/actor-tasks/{quote(task.id)}"
    return envelope.created(task_fields.full(task, identity.username), location)


def get_task(request: ApiRequest) -> Response:
    return _shown(request, own_task(request))


def update_task(request: ApiRequest) -> Response:
    body = fields.body_of(request)
    task = own_task(request)
    with unique_name("actor-task", "a task", body.get("name")), transaction.atomic("platform"):
        # read again under a lock: two who change different fields both get their way
        task = task_fields.fill(Task.objects.select_for_update().get(id=task.id), body)
        task.modified_at = now()
        task.save()
    return _shown(request, task)


def delete_task(request: ApiRequest) -> Response:
    """Its runs and their storages stay."""
    own_task(request).delete()
    return envelope.empty()


def get_input(request: ApiRequest) -> Response:
    return envelope.bare(json.raw(engine.input_of(own_task(request))))


def update_input(request: ApiRequest) -> Response:
    """Rule 144: what the body does not name stays."""
    if not isinstance(request.json(), dict):
        raise invalid_request("The input of a task must be a JSON object")
    task = own_task(request)
    with transaction.atomic("platform"):
        task = Task.objects.select_for_update().get(id=task.id)
        text = engine.merged(engine.input_of(task), request.body)
        sealed = engine.sealed(task, text)
        Task.objects.filter(id=task.id).update(sealed_input=sealed, modified_at=now())
    return get_input(request)


def list_task_runs(request: ApiRequest) -> Response:
    return runs.list_by(request, "task_id", own_task(request).id)


def _shown(request: ApiRequest, task: Task) -> Response:
    return envelope.data(task_fields.full(task, request.require_identity().username))


TASK = "/v2/actor-tasks/{actorTaskId}"
ROUTES = [
    Route("GET", "/v2/actor-tasks", list_tasks),
    Route("POST", "/v2/actor-tasks", create_task),
    Route("GET", TASK, get_task),
    Route("PUT", TASK, update_task),
    Route("DELETE", TASK, delete_task),
    Route("GET", TASK + "/input", get_input),
    Route("PUT", TASK + "/input", update_input),
    Route("GET", TASK + "/runs", list_task_runs),
    Route("POST", TASK + "/runs", runs.start_run, rate=200),
    *run_sync.routes(TASK, auth="token"),
    *runs.last_routes(TASK + "/runs/last"),
]
