"""Names of form fields: keys may hold anything, so what joins their parts is written otherwise."""

from urllib.parse import quote

PREFIX = "in"


def part(key: str) -> str:
    """`.` and `!` never stand in a part: they join rows, cells and boxes to it."""
    return quote(key, safe=" /:@[]{}'\"<>&;=+*()#?", errors="replace").replace(".", "%2E")


def field_name(key: str) -> str:
    return f"{PREFIX}-{part(key)}"
