"""Regular expressions of strangers, run where they take linear time only."""

import re
from functools import lru_cache
from typing import Any

import re2

LONGEST_PATTERN = 2000
# Literals, simple classes and repeats: the same in RE2 and in browsers, valid with their `v` flag.
PLAIN = re.compile(
    r"\^(?:(?:[\w @:,;%#\"'=~<>!-]|\\[dw.]|\.|\[\^?(?:[A-Za-z0-9]-[A-Za-z0-9]|[\w .]|\\[dw])+\])"
    r"(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})?)*\$",
    re.ASCII,
)
MOST_REPEATS = 2


def matches(pattern: str, value: str) -> bool:
    """A pattern that RE2 does not know is not checked here; `is_checkable` tells the page so."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(value) is not None


def is_checkable(pattern: str) -> bool:
    return _compiled(pattern) is not None


def browser_pattern(pattern: Any) -> str:
    """For the attribute `pattern`, "" unless a backtracking engine is safe with it too."""
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
        return ""
    repeats = len(re.findall(r"[*+]|,\}", pattern))
    return pattern[1:-1] if PLAIN.fullmatch(pattern) and repeats <= MOST_REPEATS else ""


@lru_cache(500)
def _compiled(pattern: str) -> Any:
    if len(pattern) > LONGEST_PATTERN:
        return None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error:
        return None
