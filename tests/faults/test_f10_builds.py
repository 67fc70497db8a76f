"""F-10: `kill -9` in the middle of a build leaves no half build, and the tag where it was."""

from typing import Any

import pytest

from tests.faults.actors import make
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.processes

SLOW = [
    {"name": "main.py", "format": "TEXT", "content": "import six"},
    {"name": "requirements.txt", "format": "TEXT", "content": "six==1.17.0\nattrs>=25\nrich>=14\n"},
]


def test_f10_a_killed_build_is_resumed_or_fails_with_the_tag_in_place(stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "rebuilt", "print(1)")
        good = api.get(f"actors/{actor}").json()["data"]["taggedBuilds"]["latest"]["buildId"]
        api.put(f"actors/{actor}/versions/0.0", json={"sourceFiles": SLOW})
        build = api.post(f"actors/{actor}/builds?version=0.0").json()["data"]["id"]
        wait_for(lambda: "preparing" in api.get(f"logs/{build}").text)
        stack.child("runner@").kill()

        def ended() -> Any:
            found = api.get(f"actor-builds/{build}").json()["data"]
            return found if found["status"] in {"SUCCEEDED", "FAILED", "ABORTED"} else None

        found = wait_for(ended, 60)
        tag = api.get(f"actors/{actor}").json()["data"]["taggedBuilds"]["latest"]["buildId"]
    assert tag == (build if found["status"] == "SUCCEEDED" else good)
    folders = stack.home / "platform" / "builds"
    assert not (folders / f"{build}.part").exists()
    assert (folders / good).is_dir()
