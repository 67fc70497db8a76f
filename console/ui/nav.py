"""The sections of the sidebar, in order, with the letter that follows G on the keyboard."""

from functools import cache
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse


class Section(NamedTuple):
    label: str
    icon: str
    key: str
    url_name: str
    prefix: str


class Link(NamedTuple):
    label: str
    icon: str
    key: str
    url: str
    current: bool


SECTIONS = (
    Section("Home", "home", "h", "home", ""),
    Section("Actors", "actor", "a", "actors:list", "actors"),
    Section("Runs", "play", "r", "runs:list", "runs"),
    Section("Saved tasks", "task", "t", "tasks:list", "tasks"),
    Section("Schedules", "clock", "u", "schedules:list", "schedules"),
    Section("Storage", "store", "e", "datasets:list", "storage"),
    Section("Webhooks", "plug", "i", "webhooks:list", "webhooks"),
    Section("Store", "search", "k", "store:list", "store"),
    Section("Operations", "list", "o", "operations:list", "operations"),
    Section("Usage", "usage", "b", "usage:usage", "usage"),
    Section("Settings", "gear", "s", "account:settings", "settings"),
)


def current_section(path: str) -> str:
    """The section of a page is the first segment of its address; a build belongs to Actors."""
    first = path.split("/", 2)[1]
    known = {section.prefix for section in SECTIONS}
    return {"builds": "actors", "limits": "usage"}.get(first, first if first in known else "-")


def place_of(path: str) -> tuple[str, str]:
    """The section, and whether the page is the section's own or one inside it (`aria-current`)."""
    section = current_section(path)
    return section, "page" if any(path == link.url for link in links(section)) else "true"


@cache
def links(current: str) -> list[Link]:
    return [
        Link(section.label, section.icon, section.key, url, section.prefix == current)
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
