"""Actors that need what lies beside their own folder: `dockerContextDir` of actor.json."""

import json
from pathlib import Path

import pytest

from apps.platform.engine import definition, fetching
from apps.platform.engine.sources import BadSource
from tests.platform.engine.conftest import Machine

DOCKERFILE = "FROM apify/actor-python\nCOPY shared ./shared\nCOPY actors/one ./\nCMD python main.py"
FILES = {
    "shared/__init__.py": "WORD = 'from beside'",
    "actors/one/main.py": "import shared; print(shared.WORD)",
    "actors/one/.actor/Dockerfile": DOCKERFILE,
    "actors/one/.actor/in.json": '{"title": "T", "type": "object", "properties": {}}',
    "actors/one/README.md": "one of many",
}


def write(folder: Path, **actor: str) -> None:
    named = FILES | {"actors/one/.actor/actor.json": json.dumps({"input": "./in.json"} | actor)}
    for name, text in named.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_what_can_be_run_is_the_context(tmp_path: Path) -> None:
    write(tmp_path, dockerContextDir="../../..")
    found = definition.read(tmp_path, "actors/one")
    assert (found.context, found.readme, found.notes) == (tmp_path, "one of many", [])
    assert found.input_schema == {"title": "T", "type": "object", "properties": {}}
    assert (tmp_path / "main.py").is_file()


@pytest.mark.parametrize("given", ["../../../..", "/etc", "../none", "../main.py"])
def test_a_context_that_is_none_is_refused(tmp_path: Path, given: str) -> None:
    write(tmp_path / "source", dockerContextDir=given)
    with pytest.raises(BadSource, match=r"dockerContextDir|leads outside"):
        definition.read(tmp_path / "source", "actors/one")


@pytest.mark.parametrize(
    ("actor", "left"),
    [
        ({}, ""),
        ({"dockerContextDir": ".."}, ""),
        ({"dockerContextDir": "../../.."}, "actors/one"),
        ({"dockerfile": "../../../Dockerfile"}, "actors/one"),
    ],
)
def test_a_clone_keeps_all_for_those_that_reach_out(
    tmp_path: Path, actor: dict[str, str], left: str
) -> None:
    write(tmp_path / "staged" / "all", **actor)
    assert fetching._settle(tmp_path / "staged", "actors/one") == left
    assert (tmp_path / "staged" / left / "main.py").is_file()
    assert (tmp_path / "staged" / "shared").is_dir() == bool(left)


def test_it_runs_with_what_lies_beside(machine: Machine) -> None:
    files = {
        **{name.removeprefix("actors/one/"): text for name, text in FILES.items()},
        ".actor/actor.json": '{"dockerContextDir": "../image"}',
        ".actor/Dockerfile": "FROM apify/actor-python\nCOPY . ./\nCMD python start.py",
        "image/start.py": "import os; print('only', sorted(os.listdir()))",
    }
    listed = [{"name": name, "format": "TEXT", "content": files[name]} for name in files]
    run = machine.run(machine.actor_of("in-its-context", listed))
    assert "only ['__pycache__', 'start.py']" in machine.log(run["id"])
