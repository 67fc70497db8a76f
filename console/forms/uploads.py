"""Files that were chosen in a form become records, and their addresses the values of its fields.

An editor posts `name!file` (the files), `name!store` ("" for a new store without a name, "new" or
an id), `name!named` and `name!key`. What reads the form afterwards finds the addresses typed in.
"""

import re
from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from console.api.resources.key_value_stores import create_store, list_keys, put_record
from console.request import ConsoleRequest

LARGEST = 32 << 20
FILE = "!file"
UNSAFE = re.compile(r"[^a-zA-Z0-9!\-_.'()]+")
LONGEST_KEY = 256


class NotTaken(Exception):
    """A sentence for the person who chose the file."""


def take(request: ConsoleRequest) -> QueryDict:
    """The form data with an address for every file. Raises NotTaken and ApiError."""
    post = request.POST.copy()
    for posted in request.FILES:
        files = [file for file in request.FILES.getlist(posted) if file.name]
        if posted.endswith(FILE) and files:
            name = posted.removesuffix(FILE)
            addresses = stored(request, name, files)
            post[name] = addresses[0]
            post[f"{name}!bulk"] = "\n".join([post.get(f"{name}!bulk", ""), *addresses])
    return post


def stored(request: ConsoleRequest, name: str, files: "list[UploadedFile[Any]]") -> list[str]:
    for file in files:
        if (file.size or 0) > LARGEST:
            raise NotTaken(f"{file.name} is larger than {LARGEST >> 20} MB.")
    store_id = store_for(request, name)
    wanted = request.POST.get(f"{name}!key", "").strip()
    keys = [
        key_of(wanted if wanted and len(files) == 1 else file.name or "", number)
        for number, file in enumerate(files, 1)
    ]
    if len(set(keys)) != len(keys):
        raise NotTaken("Two of the files would get the same record key. Upload them one by one.")
    for key, file in zip(keys, files, strict=True):
        kind = file.content_type or "application/octet-stream"
        request.api.run(put_record(store_id, key, file.read(), content_type=kind))
    return [address(request, store_id, key) for key in keys]


def store_for(request: ConsoleRequest, name: str) -> str:
    wanted = request.POST.get(f"{name}!store", "")
    if wanted not in {"", "new"}:
        return wanted
    named = request.POST.get(f"{name}!named", "").strip()
    if wanted == "new" and not named:
        raise NotTaken("Write a name for the new store.")
    return request.api.run(create_store(named if wanted == "new" else None)).id


def key_of(text: str, number: int) -> str:
    """With the letters that the API allows in a key (rule 149 and the one on its length)."""
    return UNSAFE.sub("-", text)[-LONGEST_KEY:].strip("-") or f"file-{number}"


def address(request: ConsoleRequest, store_id: str, key: str) -> str:
    """The address that the API gives for it, which may be signed; else the plain one."""
    for each in request.api.run(list_keys(store_id, limit=1, prefix=key)).items:
        if each.key == key and each.record_public_url:
            return each.record_public_url
    place = f"/v2/key-value-stores/{quote(store_id, safe='')}/records/{quote(key, safe='')}"
    return request.workspace.api_url.rstrip("/") + place


def has_files(schema: Any) -> bool:
    return any(spec.editor == "fileupload" and not spec.is_hidden for spec in schema.walk())
