"""Two people edit one thing: the second saver sees both versions and chooses.

`fields` is a mapping from the API's names to values as JSON, always in the same order, of what the
form edits and of nothing else. The form carries `edited_from`, a fingerprint of each field as it
was when the form was made; so it is known which fields its person changed and which somebody else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from console.ui.query import posted

EDITED_FROM: Final = "edited_from"
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """Texts of one field; `by` says who changed it since the form was made: them, you or both."""

    label: str
    mine: str
    theirs: str
    by: str


def edited_from(request: HttpRequest, fields: Fields) -> str:
    """For the form's hidden input; a form shown again keeps what it was made from."""
    return request.POST.get(EDITED_FROM) or version_of(fields)


def text_form(
    request: HttpRequest,
    template: str,
    fields: Fields,
    *,
    text: str,
    problem: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """A page whose form has one text made from `fields`; 400 with `problem` and what was typed."""
    shown = {"text": text, "problem": problem, "edited_from": edited_from(request, fields)}
    status = HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK
    return render(request, template, {**context, **shown}, status=status)


def version_of(fields: Fields) -> str:
    return ".".join(map(_digest, fields.values()))


def touched(request: HttpRequest, mine: Fields) -> set[str]:
    """Names of the fields that the person changed: a save sends only these."""
    return _changed(request.POST.get(EDITED_FROM, ""), mine)


def conflict(
    request: HttpRequest,
    *,
    name: str,
    mine: Fields,
    theirs: Fields,
    edit_url: str,
    labels: Mapping[str, str] | None = None,
) -> HttpResponse | None:
    """None when saving overwrites nothing unseen, else the page with both versions (409).

    `theirs` is the version fetched just now. *Save mine anyway* posts everything typed again, made
    from `theirs`; *Take theirs* leads to `edit_url`.
    """
    since = request.POST.get(EDITED_FROM, "")
    by_them, by_you = _changed(since, theirs), _changed(since, mine)
    differences = [
        Difference(
            (labels or {}).get(field, field),
            _text(mine[field]),
            _text(theirs[field]),
            "both" if field in by_them & by_you else "them" if field in by_them else "you",
        )
        for field in theirs
        if _digest(mine[field]) != _digest(theirs[field])
    ]
    if not by_them or not differences:
        return None
    context = {
        "name": name,
        "differences": differences,
        "kept": posted(request, EDITED_FROM),
        "edited_from": version_of(theirs),
        "edit_url": edit_url,
    }
    return render(request, "ui/conflict.html", context, status=HTTPStatus.CONFLICT)


def _changed(since: str, fields: Fields) -> set[str]:
    """A fingerprint of another shape knows nothing: everything may have changed."""
    digests = since.split(".")
    if len(digests) != len(fields):
        return set(fields)
    pairs = zip(fields.items(), digests, strict=True)
    return {field for (field, value), digest in pairs if _digest(value) != digest}


def _digest(value: Any) -> str:
    plain = json.dumps(value, sort_keys=True).replace("\\r\\n", "\\n")
    return blake2b(b"" if value in (None, "") else plain.encode(), digest_size=6).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict | list):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return "" if value is None else str(value)
