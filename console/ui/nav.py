"""The sections of the sidebar, in order, with the letter that follows G on the keyboard."""

from functools import cache
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse


class Section(NamedTuple):
    """`group` is its heading in the sidebar, "" for those that come first."""

    group: str
    label: str
    icon: str
    key: str
    url_name: str
    prefix: str


class Link(NamedTuple):
    group: str
    label: str
    icon: str
    key: str
    url: str
    current: bool


MAIN, BUILD, HOUSE = "", "Build", "House"
SECTIONS = (
    Section(MAIN, "Home", "home", "h", "home", ""),
    Section(MAIN, "Runs", "play", "r", "runs:list", "runs"),
    Section(MAIN, "Actors", "actor", "a", "actors:list", "actors"),
    Section(MAIN, "Saved tasks", "task", "t", "tasks:list", "tasks"),
    Section(MAIN, "Schedules", "clock", "u", "schedules:list", "schedules"),
    Section(MAIN, "Storage", "store", "e", "datasets:list", "storage"),
    Section(MAIN, "Webhooks", "plug", "i", "webhooks:list", "webhooks"),
    Section(BUILD, "Builds", "build", "d", "builds:list", "builds"),
    Section(BUILD, "Store", "globe", "k", "store:list", "store"),
    Section(HOUSE, "Operations", "list", "o", "operations:list", "operations"),
    Section(HOUSE, "Usage & limits", "usage", "b", "usage:usage", "usage"),
    Section(HOUSE, "Team", "team", "m", "team:members", "team"),
    Section(HOUSE, "Settings", "gear", "s", "account:settings", "settings"),
)


def current_section(path: str) -> str:
    """The section of a page is the first segment of its address; limits belong to Usage."""
    first = path.split("/", 2)[1]
    known = {section.prefix for section in SECTIONS}
    return {"limits": "usage", "workspaces": "team"}.get(first, first if first in known else "-")


def place_of(path: str) -> tuple[str, str]:
    """The section, and whether the page is the section's own or one inside it (`aria-current`)."""
    section = current_section(path)
    return section, "page" if any(path == link.url for link in links(section)) else "true"


@cache
def links(current: str) -> list[Link]:
    return [
        Link(
            section.group, section.label, section.icon, section.key, url, section.prefix == current
        )
        for section, url in reachable()
    ]


@cache
def reachable() -> list[tuple[Section, str]]:
    found = []
    for section in SECTIONS:
        try:
            found.append((section, reverse(section.url_name)))
        except NoReverseMatch:
            continue
    return found
