"""The run or build that a path names, once the caller may have it (rules 24, 28, 32, 124)."""

from apps.platform.api import access
from apps.platform.api.actors import find_actor
from apps.platform.api.refs import missing, resolve_ref
from apps.platform.domain.errors import insufficient_permissions, not_found
from apps.platform.domain.statuses import ALL
from apps.platform.http.request import ApiRequest
from apps.platform.models import Actor, Build, Run, Task


def find_run(request: ApiRequest) -> Run:
    """For reading: with the id alone unless restricted."""
    run = _run(request)
    identity = request.identity
    access.check_read(
        request,
        owner_id=run.user_id,
        general_access=run.general_access,
        what="run",
        by_id=True,
    )
    if identity and identity.run_id and identity.user_id == run.user_id:
        _check_own_or_child(run, identity.run_id)
    return run


def own_run(request: ApiRequest) -> Run:
    """For changing: by its owner, by itself or by the run that started it."""
    run = _run(request)
    identity = access.check_write(request, owner_id=run.user_id, what="run")
    if identity.run_id:
        _check_own_or_child(run, identity.run_id)
    return run


def _check_own_or_child(run: Run, run_id: str) -> None:
    if run_id not in {run.id, run.parent_run_id}:
        raise insufficient_permissions("run")


def _run(request: ApiRequest) -> Run:
    run_id = request.params.get("runId")
    if run_id is None:
        return last_run(request)
    run = Run.objects.filter(id=run_id).first()
    if run is None or not _is_of_actor(request, run):
        raise missing("Run", run_id)
    return run


def find_task(request: ApiRequest, ref: str = "") -> Task:
    """The caller's own task, that of the path unless `ref` names one; nobody reaches another's
    (rules 32, 139)."""
    identity = request.require_identity()
    ref = ref or request.params["actorTaskId"]
    owner, name = resolve_ref(request, ref, "Actor task")
    rows = Task.objects.filter(user_id=identity.user_id)
    task = rows.filter(id=name).first() if owner is None else None
    if owner == identity.user_id:
        task = rows.filter(name=name).first()
    if task is None:
        raise missing("Actor task", ref)
    return task


def last_run(request: ApiRequest) -> Run:
    """Rule 124: the caller's newest run of the Actor or task, in one of the statuses if asked."""
    identity = request.require_identity()
    runs = Run.objects.filter(user_id=identity.user_id)
    if "actorTaskId" in request.params:
        what, runs = "Actor task", runs.filter(task_id=find_task(request).id)
    else:
        what, runs = "Actor", runs.filter(actor=find_actor(request, request.params["actorId"]))
    if identity.run_id:
        runs = runs.filter(parent_run_id=identity.run_id)
    statuses = [status for status in request.query.names("status") if status in ALL]
    if statuses:
        runs = runs.filter(status__in=statuses)
    run = runs.order_by("-started_at", "-id").first()
    if run is None:
        raise not_found(f"Last run of the {what}")
    return run


def find_build(request: ApiRequest) -> Build:
    """For reading: with the id alone unless restricted; of a public Actor always (rule 86)."""
    build = _build(request)
    if build.actor.is_public:
        return build
    access.check_read(
        request,
        owner_id=build.user_id,
        general_access=access.FOLLOW,
        what="build",
        by_id=True,
    )
    if request.identity and request.identity.user_id == build.user_id:
        access.refuse_run_token(request, "build")
    return build


def own_build(request: ApiRequest) -> Build:
    access.refuse_run_token(request, "build")
    build = _build(request)
    access.check_write(request, owner_id=build.actor.user_id, what="build")
    return build


def _build(request: ApiRequest) -> Build:
    build_id = request.params["buildId"]
    build = Build.objects.select_related("actor").filter(id=build_id).first()
    if build is None or not _is_of_actor(request, build):
        raise missing("Build", build_id)
    return build


def _is_of_actor(request: ApiRequest, work: Run | Build) -> bool:
    """Whether the deprecated path below an Actor names the Actor of this run or build."""
    ref = request.params.get("actorId")
    if ref is None:
        return True
    owner, name = resolve_ref(request, ref, "Actor")
    if owner is None:
        return name == work.actor_id
    return Actor.objects.filter(id=work.actor_id, user_id=owner, name=name).exists()
