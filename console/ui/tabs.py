from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """One link of `ui/kept/tabs.html`; `count` stands beside the label, in an element with
    `id` where a stream keeps it fresh."""

    label: str
    url: str
    current: bool = False
    count: int | None = None
    id: str = ""
