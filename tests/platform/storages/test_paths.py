"""Rows 12 and 19: no name that a caller chooses leaves its folder or its header."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.platform.conftest import Account, Platform

KEYS = [
    "..", "../x", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e", "/etc/passwd",
    "//etc", "a/../../b", "..\\..\\x", "C:\\x", "\\\\host\\x", "x\0.txt", "\0", "a\nb",
    "a\r\nX-Y: z", "x" * 257, "x" * 5000, " ", "", ".", "~", "~root", "$HOME", "`id`", "$(id)",
    "a;b",
    "a|b", "*", "?", "é", "\u202e", "\ufeff", "con", "nul.txt", "a:b", "a%b", "%", "%00", "a\tb",
    '"x"',
]  # fmt: skip
NAMES = KEYS[:20]


def files(home: Path) -> set[Path]:
    """All that there is outside the Platform's own folder."""
    return {path for path in home.rglob("*") if "platform" not in path.parts[len(home.parts) :][:1]}


@pytest.fixture(scope="module")
def ids(ada: Account) -> dict[str, str]:
    return {kind: ada.data("POST", kind)["id"] for kind in ("datasets", "key-value-stores")}


@pytest.mark.parametrize("key", KEYS)
def test_row_19_no_key_leaves_its_store(
    platform: Platform, ada: Account, ids: dict[str, str], key: str
) -> None:
    before = files(platform.home)
    store = f"key-value-stores/{ids['key-value-stores']}"
    named = quote(key, safe="")
    ways: list[tuple[str, str, Any]] = [
        ("PUT", f"{store}/records/{named}", b"x"),
        ("GET", f"{store}/records/{named}", None),
        ("HEAD", f"{store}/records/{named}", None),
        ("DELETE", f"{store}/records/{named}", None),
        ("GET", f"{store}/keys?exclusiveStartKey={named}", None),
        ("GET", f"{store}/keys?prefix={named}", None),
        ("GET", f"{store}/records/{named}?signature={named}", None),
        ("GET", f"key-value-stores/{named}", None),
        ("GET", f"datasets/{named}/items", None),
        ("POST", f"datasets?name={named}", None),
        ("GET", f"logs/{named}", None),
        ("GET", f"actor-runs/{named}/log", None),
        ("GET", f"actor-builds/{named}", None),
        ("GET", f"actor-builds/{named}/openapi.json", None),
        ("GET", f"acts/{named}/runs/last/dataset/items", None),
    ]
    for method, path, content in ways:
        answer = ada.http.request(method, path, content=content)
        assert answer.status_code < 500, (method, path, answer.text)
        assert "root:" not in answer.text
    assert files(platform.home) == before


@pytest.mark.parametrize("name", NAMES)
def test_row_19_no_source_file_leaves_its_folder(
    platform: Platform, ada: Account, name: str
) -> None:
    files_sent = [{"name": name, "format": "TEXT", "content": "x"}]
    version = {"versionNumber": "0.1", "sourceType": "SOURCE_FILES", "sourceFiles": files_sent}
    answer = ada.http.post("acts", content=json.dumps({"versions": [version], "name": "paths"}))
    assert answer.status_code < 500, answer.text
    if answer.is_success:
        ada.http.delete("acts/~paths")


@pytest.mark.parametrize("name", KEYS)
def test_row_12_no_name_breaks_a_header(ada: Account, ids: dict[str, str], name: str) -> None:
    dataset = ids["datasets"]
    ada.http.put(f"datasets/{dataset}", content=json.dumps({"name": name}))
    for path in (
        f"datasets/{dataset}/items?attachment=1&format=csv",
        f"key-value-stores/{ids['key-value-stores']}/records/{quote(name, safe='')}?attachment=1",
        f"logs/{quote(name, safe='')}?download=1",
    ):
        answer = ada.http.get(path)
        assert answer.status_code < 500
        assert "x-y" not in answer.headers
        assert "\n" not in answer.headers.get("content-disposition", "")
