"""What a source says of itself, read from a folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.platform.engine import definition
from apps.platform.engine.sources import BadSource, unpack

SCHEMA = {"title": "T", "type": "object", "properties": {}}
MAIN = {"main.py": "pass"}


def read(folder: Path, files: dict[str, str]) -> definition.Definition:
    unpack([{"name": name, "format": "TEXT", "content": files[name]} for name in files], folder)
    return definition.read(folder)


def actor(**fields: Any) -> dict[str, str]:
    return {**MAIN, ".actor/actor.json": json.dumps(fields)}


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"src/__main__.py": "", "main.py": ""}, ["python", "-m", "src"]),
        ({"main.py": ""}, ["python", "main.py"]),
        ({"src/main.py": ""}, ["python", "src/main.py"]),
        ({"crawl/__main__.py": ""}, ["python", "-m", "crawl"]),
        (MAIN | {"Dockerfile": "CMD python3 -m x"}, ["sh", "-c", "python3 -m x"]),
        (MAIN | {"Dockerfile": 'CMD ["python", "-u"]\nCMD ["a", "b c"]'}, ["a", "b c"]),
        (MAIN | {".actor/Dockerfile": "cmd a", "Dockerfile": "CMD b"}, ["sh", "-c", "a"]),
        (MAIN | {"Dockerfile": "CMD a \\\n  b"}, ["sh", "-c", "a    b"]),
        (MAIN | {"Dockerfile": "FROM x\n"}, ["python", "main.py"]),
        (actor(dockerfile="./mine") | {".actor/mine": "CMD m"}, ["sh", "-c", "m"]),
        ({"package.json": '{"scripts": {"start": "node a.js"}}'}, ["node", "a.js"]),
        ({"package.json": '{"scripts": {"start": "node a && b"}}'}, ["npm", "start", "--silent"]),
        ({"package.json": '{"main": "b.js"}', "b.js": ""}, ["node", "b.js"]),
        ({"package.json": "{}", "main.js": ""}, ["node", "main.js"]),
    ],
)
def test_the_start_command(tmp_path: Path, files: dict[str, str], command: list[str]) -> None:
    assert read(tmp_path, files).command == command


@pytest.mark.parametrize(
    "files",
    [
        actor(input=SCHEMA),
        actor(input="./in.json") | {".actor/in.json": json.dumps(SCHEMA)},
        actor(input="../in.json") | {"in.json": json.dumps(SCHEMA)},
        MAIN | {".actor/INPUT_SCHEMA.json": json.dumps(SCHEMA)},
        MAIN | {".actor/input_schema.json": json.dumps(SCHEMA)},
        MAIN | {"INPUT_SCHEMA.json": json.dumps(SCHEMA)},
    ],
)
def test_the_input_schema_is_found(tmp_path: Path, files: dict[str, str]) -> None:
    assert read(tmp_path, files).input_schema == SCHEMA


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"notes.txt": ""}, "Nothing to start"),
        (MAIN | {".actor/actor.json": "{"}, "not valid JSON"),
        (MAIN | {".actor/actor.json": '{"x": NaN}'}, "not valid JSON"),
        (MAIN | {".actor/actor.json": "[" * 100_000}, "not valid JSON"),
        (MAIN | {".actor/actor.json": "[]"}, "must hold a JSON object"),
        (actor(input="../../../etc/passwd"), "leads outside"),
        (actor(readme="/etc/passwd"), "leads outside"),
        (actor(dockerfile="../../Dockerfile"), "leads outside"),
        (actor(readme="a\0b"), "cannot be read"),
        (actor(readme="x" * 5000), "cannot be read"),
        ({"package.json": '{"scripts": []}'}, "neither a start script"),
        ({"package.json": '{"main": 7, "scripts": {"start": 7}}'}, "neither a start script"),
        (MAIN | {"INPUT_SCHEMA.json": " " * 600_000}, "larger than"),
    ],
)
def test_a_source_that_cannot_be_understood_is_told_why(
    tmp_path: Path, files: dict[str, str], words: str
) -> None:
    with pytest.raises(BadSource, match=words):
        read(tmp_path, files)


def test_what_is_not_done_here_is_said(tmp_path: Path) -> None:
    docker = "FROM apify/actor-python:3.99\nRUN apt-get install x\nRUN pip install -r r.txt\n"
    notes = read(tmp_path, MAIN | {"Dockerfile": docker}).notes
    assert [note.split(":")[0] for note in notes] == ["Dockerfile"] * 3
    assert "asks for Python 3.99" in notes[0]
    assert "RUN apt-get" in notes[1]
    assert "r.txt, it is not there" in notes[2]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([{"name": "a", "format": "BASE64", "content": "not base64!"}], "not valid Base64"),
        ([{"name": f"f{n}", "content": ""} for n in range(10_001)], "more than 10000 files"),
        ([{"name": "big", "content": "x" * (65 << 20)}], "too large"),
        ([{"name": "a", "content": ""}, {"name": "a/b", "content": ""}], "cannot be written"),
        ([{"name": "x" * 300, "content": ""}], "cannot be written"),
        ([{"name": 7, "content": ""}], "no proper name"),
        ([{"name": ".", "content": ""}], "leads outside"),
        ([{"name": "a\0b", "content": ""}], "leads outside"),
    ],
)
def test_row_20_sources_that_are_refused(
    tmp_path: Path, files: list[dict[str, Any]], words: str
) -> None:
    with pytest.raises(BadSource, match=words):
        unpack(files, tmp_path)


def test_definitions_of_storages_are_read_from_their_files(tmp_path: Path) -> None:
    views = {"views": {"short": {"transformation": {"fields": ["a"]}}}}
    files = actor(storages={"dataset": "./items.json", "other": {"a": 1}})
    found = read(tmp_path, files | {".actor/items.json": json.dumps(views)})
    assert found.actor["storages"] == {"dataset": views, "other": {"a": 1}}
    assert read(tmp_path, actor(storages={"dataset": "no.json"})).actor["storages"] == {
        "dataset": None
    }
    with pytest.raises(BadSource, match="outside"):
        read(tmp_path, actor(storages={"dataset": "../../../x.json"}))


def test_secrets_that_cannot_be_encrypted_are_named(tmp_path: Path) -> None:
    secret = {"type": "string", "isSecret": True}
    login = {"type": "object", "properties": {"password": secret, "name": {"type": "string"}}}
    schema = SCHEMA | {
        "properties": {
            "token": secret,
            "login": login,
            "logins": {"type": "array", "items": login},
            "whole": login | {"isSecret": True},
        }
    }
    notes = read(tmp_path, actor(input=schema)).notes
    assert [note.split(" is ")[0] for note in notes] == [
        "Input schema: login.password",
        "Input schema: logins[].password",
    ]
