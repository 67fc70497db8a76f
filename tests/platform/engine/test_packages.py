"""Names of shared environments: the same wishes share one, others never do."""

from pathlib import Path

import pytest

from apps.platform.engine.packages import Wanted, digest


def wanted(
    folder: Path,
    files: dict[str, str],
    *,
    runtime: str = "python",
    tools: bool = False,
    fresh: bool = False,
) -> str:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return digest(Wanted(runtime, folder, tools, fresh))


@pytest.mark.parametrize(
    "files",
    [{}, {"requirements.txt": "# none\n\n"}, {"pyproject.toml": "[project]\nname = 'x'\n"}],
)
def test_a_source_without_dependencies_needs_no_environment(
    tmp_path: Path, files: dict[str, str]
) -> None:
    assert wanted(tmp_path / "a", files) == ""


def test_the_same_requirements_share_one(tmp_path: Path) -> None:
    one = wanted(tmp_path / "a", {"requirements.txt": "six\n", "main.py": "1"})
    assert one
    assert one == wanted(tmp_path / "b", {"requirements.txt": "six\n", "main.py": "2"})
    assert one != wanted(tmp_path / "c", {"requirements.txt": "six==1\n", "main.py": "1"})


@pytest.mark.parametrize(
    "line", ["./lib", "-e .", "-r more.txt", "lib.whl", "lib @ file:lib", "-c more.txt"]
)
def test_what_lies_in_the_source_decides_too(tmp_path: Path, line: str) -> None:
    files = {"requirements.txt": f"{line}\n", "more.txt": "six", "lib/x.py": "1"}
    one = wanted(tmp_path / "a", files)
    assert one == wanted(tmp_path / "b", files)
    assert one != wanted(tmp_path / "c", files | {"lib/x.py": "2"})


def test_local_packages_of_node_decide_too(tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"lib": "file:./lib"}}', "lib/x.js": "1"}
    one = wanted(tmp_path / "a", files, runtime="node")
    assert one != wanted(tmp_path / "b", files | {"lib/x.js": "2"}, runtime="node")


def test_tools_for_building_are_another_environment(tmp_path: Path) -> None:
    files = {"package.json": '{"dependencies": {"six": "1"}}'}
    one = wanted(tmp_path / "a", files, runtime="node")
    assert one != wanted(tmp_path / "b", files, runtime="node", tools=True)


def test_rule_77_without_the_cache_only_what_is_pinned_is_shared(tmp_path: Path) -> None:
    loose, pinned = {"requirements.txt": "six>=1\n"}, {"requirements.txt": "six==1.17.0\n"}
    assert wanted(tmp_path / "a", loose) != wanted(tmp_path / "b", loose, fresh=True)
    assert wanted(tmp_path / "c", pinned) == wanted(tmp_path / "d", pinned, fresh=True)
