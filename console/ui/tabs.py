from typing import NamedTuple


class Tab(NamedTuple):
    """One link of `ui/tabs.html`; `count` stands beside the label."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
