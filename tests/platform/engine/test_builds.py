import base64
import hashlib
from typing import Any

import pytest

from tests.platform.engine.conftest import Machine

HELLO = "print('hello')\n"


def test_a_build_keeps_schema_readme_and_tag(machine: Machine) -> None:
    files = [
        {"name": "main.py", "format": "TEXT", "content": HELLO},
        {"name": "README.md", "format": "TEXT", "content": "# Read me"},
        {
            "name": ".actor/input_schema.json",
            "format": "TEXT",
            "content": '{"title": "T", "type": "object", "properties": {}}',
        },
    ]
    actor = machine.actor_of("documented", files)
    found = machine.ada.data("GET", f"acts/{actor}")
    build = machine.ada.data("GET", f"actor-builds/{found['taggedBuilds']['latest']['buildId']}")
    assert build["buildNumber"] == "0.0.1"
    assert build["readme"] == "# Read me"
    assert '"title"' in build["inputSchema"]


def test_rule_79_the_tag_stays_with_the_last_build_that_succeeded(machine: Machine) -> None:
    actor = machine.actor("tagged", HELLO)
    before = machine.ada.data("GET", f"acts/{actor}")["taggedBuilds"]
    broken: Any = {"sourceFiles": [{"name": "nothing.txt", "format": "TEXT", "content": ""}]}
    machine.ada.data("PUT", f"acts/{actor}/versions/0.0", json=broken)
    build = machine.build(actor)
    assert build["status"] == "FAILED"
    assert "Nothing to start" in machine.log(build["id"])
    assert machine.ada.data("GET", f"acts/{actor}")["taggedBuilds"] == before


@pytest.mark.parametrize(
    "name", ["../out.py", "/etc/out.py", "a/../../out.py", "a\\..\\out.py", "", "x" * 2000]
)
def test_a_name_that_leads_outside_is_refused(machine: Machine, name: str) -> None:
    """reliability-security.md row 20."""
    file = {"name": name, "format": "TEXT", "content": HELLO}
    version = {"versionNumber": "0.0", "sourceType": "SOURCE_FILES", "sourceFiles": [file]}
    answer = machine.ada.http.post("acts", json={"name": f"bad-{hash(name) % 99999}"})
    actor = answer.json()["data"]["id"]
    made = machine.ada.http.post(f"acts/{actor}/versions", json=version)
    if made.status_code == 201:
        build = machine.build(actor)
        assert build["status"] == "FAILED", machine.log(build["id"])
    else:
        assert made.status_code == 400
    assert not list(machine.platform.home.rglob("out.py"))


def test_base64_files_arrive_byte_for_byte(machine: Machine) -> None:
    content = bytes(range(256))
    code = "import hashlib; print(hashlib.sha256(open('b.bin', 'rb').read()).hexdigest())"
    files = [
        {"name": "main.py", "format": "TEXT", "content": code},
        {"name": "b.bin", "format": "BASE64", "content": base64.b64encode(content).decode()},
    ]
    run = machine.run(machine.actor_of("binary", files))
    assert hashlib.sha256(content).hexdigest() in machine.log(run["id"])


def test_the_dockerfile_says_how_to_start(machine: Machine) -> None:
    files = [
        {"name": "go.py", "format": "TEXT", "content": "import sys; print('args', sys.argv[1:])"},
        {
            "name": "Dockerfile",
            "format": "TEXT",
            "content": "FROM apify/actor-python:3.11\nRUN apt-get install -y cowsay\n"
            'CMD ["python", "go.py", "a b"]\n',
        },
    ]
    actor = machine.actor_of("docker", files)
    run = machine.run(actor)
    assert "args ['a b']" in machine.log(run["id"])
    build = machine.ada.data("GET", f"actor-runs/{run['id']}")["buildId"]
    assert "not run here: RUN apt-get" in machine.log(build)


def test_a_started_run_waits_for_the_build_under_way(machine: Machine) -> None:
    files = [
        {"name": "main.py", "format": "TEXT", "content": "import six; print('six', six.__name__)"},
        {"name": "requirements.txt", "format": "TEXT", "content": "six==1.17.0\n"},
    ]
    version = {"versionNumber": "0.0", "sourceType": "SOURCE_FILES", "buildTag": "latest"}
    body = {"name": "waits", "versions": [{**version, "sourceFiles": files}]}
    actor = machine.ada.data("POST", "acts", json=body)["id"]
    machine.ada.data("POST", f"acts/{actor}/builds?version=0.0")
    run = machine.run(actor)
    assert run["status"] == "SUCCEEDED", machine.log(run["id"])
    assert "six six" in machine.log(run["id"])


def test_an_actor_without_a_build_cannot_run(machine: Machine) -> None:
    actor = machine.ada.data("POST", "acts", json={"name": "unbuilt"})["id"]
    answer = machine.ada.http.post(f"acts/{actor}/runs")
    assert answer.status_code == 404
    sentence = "Build 'latest' of the Actor unbuilt was not found. Build the Actor first."
    assert answer.json()["error"] == {"type": "record-not-found", "message": sentence}


def test_rule_84_the_default_build_cannot_be_deleted(machine: Machine) -> None:
    actor = machine.actor("guarded", HELLO)
    first = machine.ada.data("GET", f"acts/{actor}")["taggedBuilds"]["latest"]["buildId"]
    refused = machine.ada.http.delete(f"actor-builds/{first}")
    assert refused.status_code == 400
    machine.build(actor)
    assert machine.ada.http.delete(f"actor-builds/{first}").status_code == 204
    assert machine.ada.http.get(f"actor-builds/{first}").status_code == 404
