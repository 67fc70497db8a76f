"""Writes docs/conformance.md: `python -m tests.contract.conformance`.

A rule's tests are those that carry its number: `test_rule_47_…`, `test_rules_47_50_…`.
"""

import re
from collections import defaultdict
from pathlib import Path

from tests.contract.operations import OPERATIONS, ROOTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/conformance.md"
PAGES = Path(__file__).with_name("pages.txt")
RULES = Path(__file__).with_name("rules.txt")
NAMED = re.compile(r"def (test_rules?_((?:\d+_)+)\w+)\(")
RULE_COUNT = 276

HEAD = """# Conformance

Written by `python -m tests.contract.conformance`; a test says when it is out of date. Rules and
operations carry the numbers of the project's reference of API v2.
"""


def rules() -> dict[int, str]:
    lines = RULES.read_text().splitlines()
    return {int(number): title for number, _, title in (line.partition(" ") for line in lines)}


def tests_of_rules() -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, numbers in NAMED.findall(path.read_text()):
            for number in numbers.strip("_").split("_"):
                found[int(number)].append(f"{path.relative_to(ROOT / 'tests')}::{name}")
    return found


def pages() -> dict[str, str]:
    """Operation -> the Console's page that does it, or why a person needs none."""
    lines = PAGES.read_text().splitlines()
    shown = {name: page for name, _, page in (line.partition(" | ") for line in lines)}
    for each in OPERATIONS:
        below = next((root for root in ROOTS if each.path.startswith(f"{root}/")), "")
        if below:
            kind = each.path.removeprefix(f"{below}/").partition("/")[0]
            shown[each.name] = "Run > " + ("Log" if kind == "log" else f"Storage > {kind}")
    return shown


def document() -> str:
    tests, shown = tests_of_rules(), pages()
    lines = [HEAD, "## Rules", "", "| rule | says | tests |", "| --- | --- | --- |"]
    for number, title in rules().items():
        named = "<br>".join(f"`{test}`" for test in tests[number])
        lines.append(f"| {number} | {title} | {named} |")
    lines += ["", "## Operations", ""]
    lines += [
        "Each is called by `tests/contract/test_operations.py`, in the test of its number.",
        "",
        "| operation | call | in the Console |",
        "| --- | --- | --- |",
    ]
    for each in OPERATIONS:
        lines.append(f"| {each.number} | `{each.name}` | {shown.get(each.name, '')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(document())
