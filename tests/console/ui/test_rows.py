from typing import NamedTuple

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from console.ui.rows import joined, row_html, rows_html


class Row(NamedTuple):
    status: str


def test_rows_that_were_shown_before_are_not_rendered_again() -> None:
    row_html.cache_clear()
    shown = rows_html("ui/badge.html", [Row("FAILED"), Row("FAILED"), Row("READY")])
    assert shown[0] is shown[1]
    assert row_html.cache_info().misses == 2


def test_only_safe_parts_are_joined() -> None:
    part = format_html("<li>{}</li>", "<b>")
    both = joined(each for each in (part, part))
    assert isinstance(both, SafeString)
    assert both == "<li>&lt;b&gt;</li>" * 2
    with pytest.raises(TypeError):
        joined([part, "<script>"])  # type: ignore[list-item] # what the check is for
