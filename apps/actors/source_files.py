"""What is done with the files of a version; each change sends the whole list (rule 72)."""

from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseNotAllowed

from apps.actors import sources
from apps.actors.building import build_version
from apps.actors.source import place, show, wanted
from apps.actors.sources import NotDone
from console.api.errors import ApiError
from console.api.models.actors import Actor, SourceFile, Version
from console.api.resources.actors import get_actor
from console.api.resources.versions import update_version
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.editing import conflict
from console.ui.responses import tell

MOST_BYTES = 9 << 20
Change = Callable[[sources.Files], tuple[list[SourceFile], str]]


@needs("actors.edit")
def save(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """The file that is open; the button *Save and build* goes on with a build."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, version = opened(request, actor_id)
    number, path = version.version_number, request.POST.get("file", "")
    typed = request.POST.get("content", "").replace("\r\n", "\n")
    files = version.source_files or []
    theirs = (sources.text_in(files, path) or "").replace("\r\n", "\n")
    differing = conflict(
        request,
        name=path,
        mine={"content": typed},
        theirs={"content": theirs},
        edit_url=place(actor_id, number, path),
        labels={"content": path},
    )
    if differing:
        return differing
    try:
        if typed != theirs:
            store(request, actor, version, sources.written(files, path, typed))
    except ApiError as error:
        return show(request, actor, number, path, typed=typed, problem=error.sentence)
    if request.POST.get("action") == "build":
        return built(request, actor, number, path)
    tell(request, "Saved.")
    return go(request, place(actor_id, number, path))


def built(request: ConsoleRequest, actor: Actor, number: str, path: str) -> HttpResponse:
    at = place(actor.id, number, path)
    try:
        return build_version(request, actor, number, then=at)
    except ApiError as error:
        tell(request, f"Saved, but not built: {error.sentence}", tone="error")
    return go(request, at)


def opened(request: ConsoleRequest, actor_id: str) -> tuple[Actor, Version]:
    actor = request.api.run(get_actor(actor_id))
    return actor, wanted(actor, request.POST.get("version", ""))


def store(request: ConsoleRequest, actor: Actor, version: Version, files: list[SourceFile]) -> None:
    changes = {"sourceType": "SOURCE_FILES", "sourceFiles": sources.wire(files)}
    request.api.run(update_version(actor.id, version.version_number, changes))


def changed(request: ConsoleRequest, actor_id: str, dialog: str, change: Change) -> HttpResponse:
    """Makes `change`, or shows the dialog again with what was typed and why it was not made."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, version = opened(request, actor_id)
    path = request.POST.get("file", "")
    try:
        files, path = change(version.source_files or [])
        store(request, actor, version, files)
    except (NotDone, ApiError) as error:
        said = error.sentence if isinstance(error, ApiError) else str(error)
        name = request.POST.get("name", "")
        number = version.version_number
        return show(request, actor, number, path, dialog=dialog, problem=said, name=name)
    return go(request, place(actor_id, version.version_number, path))


@needs("actors.edit")
def add(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """An empty file, or a folder."""

    def change(files: sources.Files) -> tuple[list[SourceFile], str]:
        name = sources.checked(files, request.POST.get("name", ""))
        is_folder = request.POST.get("kind") == "folder"
        return [*files, SourceFile(name=name, folder=is_folder or None)], name

    return changed(request, actor_id, "new", change)


@needs("actors.edit")
def rename(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    def change(files: sources.Files) -> tuple[list[SourceFile], str]:
        new = request.POST.get("name", "").strip()
        return sources.renamed(files, request.POST.get("file", ""), new), new

    return changed(request, actor_id, "rename", change)


@needs("actors.edit")
def remove(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    def change(files: sources.Files) -> tuple[list[SourceFile], str]:
        return sources.without(files, request.POST.get("file", "")), ""

    return changed(request, actor_id, "", change)


@needs("actors.edit")
def upload(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """Files into a folder; one of the same name is replaced."""

    def change(files: sources.Files) -> tuple[list[SourceFile], str]:
        chosen = [each for each in request.FILES.getlist("files") if each.name]
        if not chosen:
            raise NotDone("Choose one file or more.")
        if sum(each.size or 0 for each in chosen) > MOST_BYTES:
            raise NotDone("That is more than 9 MB. Name an archive or a repository under Setup.")
        found = list(files)
        for each in chosen:
            found = sources.placed(found, taken(found, each, request.POST.get("name", "")))
        return found, found[-1].name

    return changed(request, actor_id, "upload", change)


def taken(files: sources.Files, file: "UploadedFile[bytes]", folder: str) -> SourceFile:
    name = "/".join(filter(None, [folder.strip().strip("/"), file.name]))
    if sources.text_in(files, name) is None and all(each.name != name for each in files):
        name = sources.checked(files, name)
    return sources.uploaded(name, file.read())
