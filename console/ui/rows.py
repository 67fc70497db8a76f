"""Rows of long lists, rendered once and kept.

A template costs about 4 µs a node, so 50 rows of a dozen cells cost 2.5 ms a page. Most rows of a
list have been shown before and have not changed: asking for those costs the look-up.
"""

from collections.abc import Hashable, Iterable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

KEPT = 4000  # about 1 kB each


def rows_html(template: str, rows: Iterable[Hashable]) -> list[SafeString]:
    """Each of `rows` rendered by `template` as `row`, for `{% for html in rows %}{{ html }}`.

    A row is a frozen value that holds all that its HTML depends on: what the viewer may do, and
    times as made by `fmt.ago` or `fmt.when`, since the template knows no request, zone or clock.
    """
    return [row_html(template, row) for row in rows]


@lru_cache(maxsize=KEPT)
def row_html(template: str, row: Hashable) -> SafeString:
    return render_to_string(template, {"row": row})


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Quicker than `format_html_join`; raises TypeError for a part that is not safe."""
    made = list(parts)
    if not all(isinstance(part, SafeString) for part in made):
        raise TypeError("one part is not safe")
    return SafeString("".join(made))
