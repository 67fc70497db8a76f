"""What every page of a task shows: names and tabs."""

from typing import Any

from django.urls import reverse

from console.api.models.tasks import Task
from console.ui.tabs import Tab

TABS = (
    ("Input", "tasks:detail"),
    ("Runs", "tasks:runs"),
    ("Integrations", "tasks:integrations"),
    ("Monitoring", "tasks:monitoring"),
    ("Settings", "tasks:settings"),
)


def context(task: Task, current: str, actor_name: str) -> dict[str, Any]:
    counts = {"Runs": task.stats.total_runs if task.stats else None}
    tabs = [
        Tab(label, reverse(name, args=[task.id]), label == current, counts.get(label))
        for label, name in TABS
    ]
    return {
        "task": task,
        "title": task.title or task.name,
        "tabs": tabs,
        "actor_name": actor_name,
    }
