"""What becomes of an intent, in states, words and addresses."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

DONE, FAILED, SENT, UNKNOWN, ASKED = "done", "failed", "sent", "unknown", "asked"
VERBS = {
    "run.start": "Start",
    "run.abort": "Abort",
    "run.reboot": "Reboot",
    "run.resurrect": "Resurrect",
    "run.metamorph": "Metamorph",
    "build.start": "Build",
    "build.abort": "Abort",
    "run.watch": "Follow",
    "build.watch": "Follow",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`url` is the page of the run or build, or of the operation while that is not known."""

    state: str
    object_id: str
    url: str
    sentence: str


def outcome(intent: Any) -> Outcome:
    verb = VERBS[intent.kind]
    if intent.state == DONE and intent.object_id:
        page = "runs:detail" if intent.object_kind == "run" else "builds:detail"
        said = f"{verb} done: {intent.subject}."
        return Outcome(DONE, intent.object_id, reverse(page, args=[intent.object_id]), said)
    said = intent.sentence or f"{verb} sent, answer lost. Checking what became of it."
    return Outcome(intent.state, "", reverse("operations:detail", args=[intent.pk]), said)
