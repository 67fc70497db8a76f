"""What every page of an Actor shows: its names, tabs and builds."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from console.api.models.actors import Actor
from console.ui.tabs import Tab

TABS = (
    ("Input", "actors:detail"),
    ("Information", "actors:information"),
    ("Runs", "actors:runs"),
    ("Builds", "actors:builds"),
    ("Source", "actors:source"),
    ("Integrations", "actors:integrations"),
    ("Settings", "actors:settings"),
)


def context(actor: Actor, current: str) -> dict[str, Any]:
    stats = actor.stats
    counts = {
        "Runs": stats.total_runs if stats else None,
        "Builds": stats.total_builds if stats else None,
    }
    tabs = [
        Tab(label, reverse(name, args=[actor.id]), label == current, counts.get(label))
        for label, name in TABS
    ]
    return {
        "actor": actor,
        "title": actor.title or actor.name,
        "full_name": f"{actor.username}/{actor.name}" if actor.username else actor.name,
        "tabs": tabs,
    }


@dataclass(frozen=True)
class BuildChoice:
    tag: str
    number: str
    id: str


def build_choices(actor: Actor) -> list[BuildChoice]:
    """Tags with the builds that they point at."""
    tagged = actor.tagged_builds or {}
    return [
        BuildChoice(tag, build.build_number or "", build.build_id)
        for tag, build in tagged.items()
        if build and build.build_id
    ]


def build_id_of(actor: Actor, ref: str) -> str | None:
    """The build that a tag or number names, as far as the Actor tells."""
    for choice in build_choices(actor):
        if ref in {choice.tag, choice.number}:
            return choice.id
    return None
