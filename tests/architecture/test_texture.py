"""Sizes that keep the code readable; design.md and CONTRIBUTING.md name the same figures."""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMITS = {".py": 300, ".html": 150, ".css": 150, ".js": 60}
LONGEST_FUNCTION = 50
MACHINERY = 1500


def tracked(suffix: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", f"*{suffix}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    skip = ("apps/platform/samples/",)
    found = [name for name in names if "/migrations/" not in name and not name.startswith(skip)]
    return [ROOT / name for name in found if (ROOT / name).exists()]


def length(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_file_is_too_long() -> None:
    found = {
        str(path.relative_to(ROOT)): length(path)
        for suffix, most in LIMITS.items()
        for path in tracked(suffix)
        if length(path) > most
    }
    assert not found


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the last line, the docstring left out."""
    end = node.end_lineno or node.lineno
    docstring = node.body[0] if ast.get_docstring(node) else None
    said = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return end - node.lineno + 1 - said


def test_no_function_is_too_long() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {body_lines(node)}"
        for path in tracked(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and body_lines(node) > LONGEST_FUNCTION
    ]
    assert not found


def test_shared_page_machinery_stays_small() -> None:
    ui = ROOT / "console/ui"
    lines = sum(length(path) for path in tracked(".py") if path.is_relative_to(ui))
    assert lines <= MACHINERY


def test_decisions_have_numbers_of_their_own() -> None:
    paths = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [path.name[:4] for path in paths]
    assert len(set(numbers)) == len(numbers)
    titles = [path.read_text().partition("\n")[0] for path in paths]
    assert [title.partition(". ")[0] for title in titles] == [f"# {int(n)}" for n in numbers]


def test_every_escape_hatch_names_its_reason() -> None:
    """`noqa` and `type: ignore` carry a code and, after it, why."""
    found = []
    for path in tracked(".py"):
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for mark in ("# noqa", "# type: ignore"):
                _, hit, rest = line.partition(mark)
                reason = rest.replace("#", "").strip(" :[]-,ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
                if hit and len(reason.split()) < 3:
                    found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found
