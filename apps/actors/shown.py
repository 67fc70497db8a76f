"""What every page of an Actor shows: its names, tabs and builds."""

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
    ("Monitoring", "actors:monitoring"),
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
