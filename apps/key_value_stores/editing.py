"""Records are added, edited and deleted. Nothing is replaced unless somebody saw what it was."""

from http import HTTPStatus
from typing import Final

import msgspec
from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from apps.key_value_stores.records import CHANGED, TYPES, editable
from apps.key_value_stores.views import store_page
from console.api.calls import Answer
from console.api.errors import ApiError, Refused
from console.api.resources.key_value_stores import (
    delete_record,
    get_record,
    list_keys,
    put_record,
)
from console.forms.uploads import LARGEST, LONGEST_KEY, UNSAFE, key_of
from console.request import ConsoleRequest, needs
from console.ui.actions import act, deleted, go
from console.ui.editing import conflict, text_form
from console.ui.query import with_params
from console.ui.responses import tell

MOST_FILES: Final = 20
MOST_DELETED: Final = 1000  # a page has no more
AT_ONCE: Final = 20
MOST_TOLD: Final = 5
LABELS: Final = {"text": "Text", "contentType": "Type"}
New = tuple[str, bytes, str]


class NotAdded(Exception):
    """A sentence for the person who adds records."""


@needs("storages.edit")
def add(request: ConsoleRequest, store_id: str) -> HttpResponse:
    """POST `file` (one or more) and perhaps `key`, or `key`, `text` and `type`; `replace` to
    overwrite. What cannot be added is said in the dialog, with what was typed."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        records = posted_records(request)
        check_free(request, store_id, records)
    except NotAdded as problem:
        context = {"add_open": True, "problem": str(problem), "typed": request.POST.dict()}
        return store_page(request, store_id, context, status=HTTPStatus.BAD_REQUEST)
    for key, content, kind in records:
        request.api.run(put_record(store_id, key, content, content_type=kind))
    if len(records) == 1:
        tell(request, f"Saved {records[0][0]}.")
        return go(request, reverse("key_value_stores:record", args=[store_id, records[0][0]]))
    tell(request, f"Saved {len(records)} records.")
    return go(request, reverse("key_value_stores:detail", args=[store_id]))


def posted_records(request: ConsoleRequest) -> list[New]:
    key = request.POST.get("key", "").strip()
    if key and (UNSAFE.search(key) or len(key) > LONGEST_KEY):
        raise NotAdded("A key has letters, digits and !-_.'() only, at most 256 of them.")
    files = [file for file in request.FILES.getlist("file") if file.name]
    if not files:
        return [posted_text(request, key)]
    if len(files) > MOST_FILES or any((file.size or 0) > LARGEST for file in files):
        raise NotAdded(f"Choose at most {MOST_FILES} files of at most {LARGEST >> 20} MB each.")
    wanted = key if len(files) == 1 else ""
    keys = [key_of(wanted or file.name or "", number) for number, file in enumerate(files, 1)]
    if len(set(keys)) != len(keys):
        raise NotAdded("Two of the files would get the same key. Add them one by one.")
    return [
        (name, file.read(), file.content_type or "application/octet-stream")
        for name, file in zip(keys, files, strict=True)
    ]


def posted_text(request: ConsoleRequest, key: str) -> New:
    kind = request.POST.get("type", "")
    kind = kind if kind in dict(TYPES) else TYPES[0][0]
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if not key:
        raise NotAdded("Choose a file, or write a key for the text.")
    if problem := fault(text, kind):
        raise NotAdded(problem)
    return key, text.encode(), kind


def fault(text: str, content_type: str) -> str:
    """Why the text cannot be of that type; "" when it can."""
    if "json" not in content_type.lower():
        return ""
    try:
        msgspec.json.decode(text.encode(), type=msgspec.Raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as problem:
        return f"This is no JSON: {problem}."
    return ""


def check_free(request: ConsoleRequest, store_id: str, records: list[New]) -> None:
    if request.POST.get("replace") == "1":
        return
    calls = [list_keys(store_id, limit=1, prefix=key) for key, _, _ in records]
    found = {each.key for page in request.api.gather(*calls) for each in page.items}
    taken = [key for key, _, _ in records if key in found]
    if taken:
        raise NotAdded(f"There is {taken[0]} already. Switch on Replace to write over it.")


@needs("storages.edit")
def edit(request: ConsoleRequest, store_id: str, key: str) -> HttpResponse:
    """The record's text in a form. Saved with its own type, if nobody changed it meanwhile."""
    page = reverse("key_value_stores:record", args=[store_id, key])
    current = current_record(request, store_id, key)
    found = editable(current) if current else None
    if current and found is None:
        tell(request, CHANGED, tone="error")
        return go(request, page)
    kind = current.headers.get("content-type", "") if current else request.POST.get("type", "")
    theirs = {"text": found or "", "contentType": kind}
    if request.method != "POST":
        return form(request, store_id, key, theirs, text=theirs["text"], problem="")
    text = typed_text(request, theirs["text"])
    if problem := fault(text, kind):
        return form(request, store_id, key, theirs, text=text, problem=problem)
    mine = {"text": text, "contentType": kind}
    edit_url = reverse("key_value_stores:edit", args=[store_id, key])
    if both := conflict(
        request, name=key, mine=mine, theirs=theirs, edit_url=edit_url, labels=LABELS
    ):
        return both
    request.api.run(put_record(store_id, key, text.encode(), content_type=kind))
    tell(request, f"Saved {key}.")
    return go(request, page)


def current_record(request: ConsoleRequest, store_id: str, key: str) -> Answer | None:
    """None when it was deleted while somebody edited it."""
    try:
        return request.api.run(get_record(store_id, key))
    except Refused as error:
        if request.method != "POST" or error.status != HTTPStatus.NOT_FOUND:
            raise
        return None


def typed_text(request: ConsoleRequest, before: str) -> str:
    """Browsers send CRLF; a record keeps the line ends that it had."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in before else text


def form(
    request: ConsoleRequest,
    store_id: str,
    key: str,
    theirs: dict[str, str],
    *,
    text: str,
    problem: str,
) -> HttpResponse:
    context = {"store_id": store_id, "key": key, "content_type": theirs["contentType"]}
    template = "key_value_stores/edit.html"
    return text_form(request, template, theirs, text=text, problem=problem, context=context)


@needs("storages.edit")
def delete(request: ConsoleRequest, store_id: str, key: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: deleted(request.api, delete_record(store_id, key)),
        then=lambda _: reverse("key_value_stores:detail", args=[store_id]),
        said=lambda was_there: f"Deleted {key}." if was_there else f"{key} was gone.",
    )


@needs("storages.edit")
def delete_selected(request: ConsoleRequest, store_id: str) -> HttpResponse:
    """POST `record` for each key; the API deletes one at a time, so what it refuses is named."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    keys = list(dict.fromkeys(request.POST.getlist("record")))[:MOST_DELETED]
    page = reverse("key_value_stores:detail", args=[store_id])
    page = with_params(request, page, dialog=None)
    if not keys:
        tell(request, "Select records first.", tone="warning")
        return go(request, page)
    refused: list[str] = []
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        answers = request.api.try_all(*[delete_record(store_id, key) for key in some])
        refused += [
            f"{key}: {answer.sentence}"
            for key, answer in zip(some, answers, strict=True)
            if isinstance(answer, ApiError) and not is_gone(answer)
        ]
    tell(request, f"Deleted {len(keys) - len(refused):,} of {len(keys):,}.")
    for sentence in refused[:MOST_TOLD]:
        tell(request, sentence, tone="error")
    return go(request, page)


def is_gone(error: ApiError) -> bool:
    return isinstance(error, Refused) and error.status == HTTPStatus.NOT_FOUND
