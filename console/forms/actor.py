"""The form of an Actor's input: whose schema makes it, and what stands beside it."""

from dataclasses import dataclass
from typing import Any

from console.api.calls import Call
from console.api.models.actors import Actor
from console.api.models.builds import Build
from console.api.resources.actors import get_actor
from console.api.resources.builds import get_build, list_actor_builds
from console.api.resources.runs import get_run, run_record
from console.forms import jsontext, schema, values
from console.forms.options import memory_label
from console.forms.pickers import choices_of, picker_calls
from console.forms.view import Choices
from console.request import ConsoleRequest


@dataclass(frozen=True)
class BuildChoice:
    tag: str
    number: str
    id: str


@dataclass(frozen=True)
class Loaded:
    actor: Actor
    build: Build | None
    is_coming: bool  # no build of that name has succeeded yet
    schema: schema.Schema
    build_ref: str


def load(request: ConsoleRequest, actor_id: str, build_ref: str) -> Loaded:
    """The Actor and the build whose schema makes the form: before any has succeeded, the newest."""
    actor = request.api.run(get_actor(actor_id))
    ref = build_ref or actor.default_run_options.build or "latest"
    build_id = build_id_of(actor, ref)
    is_coming = build_id is None
    if is_coming:
        newest = request.api.run(list_actor_builds(actor.id, limit=1, desc=True)).items
        build_id = newest[0].id if newest else None
    build = request.api.run(get_build(build_id)) if build_id else None
    return Loaded(actor, build, is_coming, schema.parse(build.schema if build else None), ref)


def build_choices(actor: Actor) -> list[BuildChoice]:
    """Tags with the builds that they point at."""
    tagged = actor.tagged_builds or {}
    return [
        BuildChoice(tag, build.build_number or "", build.build_id)
        for tag, build in tagged.items()
        if build and build.build_id
    ]


def build_id_of(actor: Actor, ref: str) -> str | None:
    """The build that a tag or number names, as far as the Actor tells."""
    for choice in build_choices(actor):
        if ref in {choice.tag, choice.number}:
            return choice.id
    return None


def sealed_for(request: ConsoleRequest, actor: Actor) -> str:
    """Where a secret that a page carries may be opened again."""
    return f"{request.workspace.id}/{actor.id}"


def begin(request: ConsoleRequest, loaded: Loaded) -> tuple[values.Value, dict[str, Any], str]:
    """What the form begins with: the input of an earlier run, or what the schema suggests."""
    run_id = request.GET.get("run", "")
    if not run_id:
        return values.suggested(loaded.schema), {}, ""
    run, record = request.api.gather(get_run(run_id), run_record(run_id, "INPUT").or_none())
    options = {
        "build": run.options.build,
        "timeout": run.options.timeout_secs,
        "memory": run.options.memory_mbytes,
        "max_items": run.options.max_items,
    }
    if record is None:
        return {}, options, "That run has no input, or its key-value store is gone."
    try:
        value = jsontext.loads(record.content.decode())
    except (jsontext.BadJson, UnicodeDecodeError):
        return {}, options, "The input of that run is not JSON, so it cannot be edited here."
    if not isinstance(value, dict):
        return {}, options, "The input of that run is no object, so it cannot be edited here."
    return value, options, "Filled from an earlier run."


def beside(
    request: ConsoleRequest, loaded: Loaded, *calls: Call[Any]
) -> tuple[Choices, tuple[Any, ...]]:
    """What the pickers of the form offer and the answers to `calls`, all asked for at once; an
    error stands in the place of an answer, and the form works without."""
    pickers = picker_calls(loaded.schema)
    ended: tuple[Any, ...] = request.api.try_all(*calls, *pickers.values())
    answers, listed = ended[: len(calls)], ended[len(calls) :]
    return choices_of(dict(zip(pickers, listed, strict=True))), answers


def defaults_of(loaded: Loaded) -> dict[str, Any]:
    """For `forms/options.html`: what an option is when it is left empty."""
    options = loaded.actor.default_run_options
    return {
        "build_ref": loaded.build_ref,
        "builds": build_choices(loaded.actor),
        "default_memory": memory_label(options.memory_mbytes or 1024),
        "default_timeout": options.timeout_secs,
    }
