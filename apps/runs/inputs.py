"""The input of a run, for reading: the schema's titles where the build tells them."""

from dataclasses import dataclass
from typing import Any

from console.api.calls import Answer
from console.api.errors import ApiError, Refused
from console.api.models.runs import Run
from console.api.resources.builds import get_build
from console.api.resources.runs import run_record
from console.forms import jsontext, masks, schema, values
from console.request import ConsoleRequest

LONGEST = 200_000
NOT_FOUND = 404


@dataclass(frozen=True)
class Shown:
    """`fields` are (title, key, text) when the input is an object; `text` is the whole."""

    text: str
    fields: list[tuple[str, str, str]]
    content_type: str
    note: str = ""


def shown_input(request: ConsoleRequest, run: Run) -> Shown:
    try:
        record = request.api.run(run_record(run.id, "INPUT"))
    except Refused as refused:
        return missing_input(refused)
    return input_of(record, schema_of_build(request, run))


def missing_input(error: ApiError) -> Shown:
    """For the one answer that says so; any other error is raised."""
    if isinstance(error, Refused) and error.status == NOT_FOUND:
        return Shown("", [], "", "This run has no input, or its key-value store is gone.")
    raise error


def input_of(record: Answer, input_schema: Any) -> Shown:
    """Secrets are masked by what the schema says of them."""
    kind = record.headers.get("content-type", "")
    text = record.content.decode("utf-8", "replace")
    try:
        value = jsontext.loads(text)
    except jsontext.BadJson:
        return Shown(text[:LONGEST], [], kind, "This input is no JSON.")
    parsed = schema.parse(input_schema)
    if not isinstance(value, dict):
        return Shown(jsontext.dumps(value)[:LONGEST], [], kind)
    titles: dict[str, str] = {spec.key: spec.title for spec in parsed.specs}
    shown = masks.masked(masks.whole(parsed), value)
    fields = [(titles.get(key) or brief(key), brief(key), brief(e)) for key, e in shown.items()]
    return Shown(values.as_json(parsed, value)[:LONGEST], fields, kind)


def brief(value: Any) -> str:
    """A text as it is, unless no page can hold it."""
    plain = isinstance(value, str) and jsontext.has_no_surrogates(value)
    return value if plain else jsontext.dumps(value)


def schema_of_build(request: ConsoleRequest, run: Run) -> Any:
    if run.build_id is None:
        return None
    try:
        build = request.api.run(get_build(run.build_id))
    except ApiError:
        return None
    return build.schema
