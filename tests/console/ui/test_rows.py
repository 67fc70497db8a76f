from typing import NamedTuple

from console.ui.rows import row_html, rows_html


class Row(NamedTuple):
    status: str


def test_rows_that_were_shown_before_are_not_rendered_again() -> None:
    row_html.cache_clear()
    shown = rows_html("ui/badge.html", [Row("FAILED"), Row("FAILED"), Row("READY")])
    assert shown[0] is shown[1]
    assert row_html.cache_info().misses == 2
