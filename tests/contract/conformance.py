"""Writes docs/conformance.md: `python -m tests.contract.conformance`.

A rule's tests are those that carry its number: `test_rule_47_…`, `test_rules_47_50_…`.
"""

import re
from collections import defaultdict
from pathlib import Path

from tests.contract.operations import OPERATIONS, ROOTS, Operation

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/conformance.md"
PAGES = Path(__file__).with_name("pages.txt")
RULES = Path(__file__).with_name("rules.txt")
NAMED = re.compile(r"def (test_rules?_((?:\d+_)+)\w+)\(")
RULE_COUNT = 276
BY_ID = {
    "log": "logs/{runId}",
    "dataset": "datasets/{datasetId}",
    "key-value-store": "key-value-stores/{storeId}",
    "request-queue": "request-queues/{queueId}",
}

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
    """Operation -> the Console's page that does it, or why a person needs none.

    What is mounted under a run is done where the same is done by the storage's own id.
    """
    lines = PAGES.read_text().splitlines()
    shown = {name: page for name, _, page in (line.partition(" | ") for line in lines)}
    for each in OPERATIONS:
        own = own_name(each)
        if each.name not in shown and own:
            page = shown[own]
            told = page.startswith("No page") or page == "Run > Log"
            shown[each.name] = page if told else f"Run > Storage > {page}"
    return shown


def own_name(mounted: Operation) -> str:
    """POST /v2/datasets/{datasetId}/items of …/runs/last/dataset/items: the same by id."""
    root = next((root for root in ROOTS if mounted.path.startswith(f"{root}/")), "")
    kind, _, rest = mounted.path.removeprefix(f"{root}/").partition("/") if root else ("", "", "")
    if kind not in BY_ID:
        return ""
    path = "/".join(filter(None, (BY_ID[kind], rest.partition("?")[0])))
    return f"{mounted.method} /v2/{path}"


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
