"""Options of a start: what is refused, and in which words."""

import pytest

from console.forms.options import RunOptions


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-5", "Use 0 or more."),
        ("9" * 20, "Use 31536000 or less."),
        ("an hour", "Write seconds, such as 3600, or 0 for no limit."),
    ],
)
def test_a_timeout_is_refused_in_plain_words(typed: str, said: str) -> None:
    assert RunOptions({"timeout": typed}).errors == {"timeout": [said]}
