"""Builds from git, archives and gists, fetched from real servers on loopback (rule 68)."""

import http.server
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.platform.engine import fetching
from apps.platform.engine.sources import BadSource
from tests.platform.engine.conftest import Machine
from tests.platform.engine.test_archives import tar, zipped
from tests.platform.engine.test_monorepo import write
from tests.platform.outbound import receivers
from tests.platform.outbound.receivers import receiving
from tests.stack import wait_for

MAIN = {"main.py": b"print('FETCHED', open('data.txt').read())", "data.txt": b"whole"}


def git(folder: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(folder)]
    subprocess.run([*command, *arguments], check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`main` holds an Actor at its root, the branch `other` one in `sub/actor`, `mono` one in
    `actors/one` that needs what lies beside it."""
    folder = tmp_path_factory.mktemp("git") / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for name, content in MAIN.items():
        (folder / name).write_bytes(content)
    (folder / "link").symlink_to("/etc/passwd")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "one")
    git(folder, "checkout", "-q", "-b", "other")
    (folder / "sub" / "actor").mkdir(parents=True)
    (folder / "sub" / "actor" / "main.py").write_text("print('FETCHED', 'part')")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "two")
    git(folder, "checkout", "-q", "-b", "mono")
    write(folder, dockerContextDir="../../..")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "three")
    return folder


@pytest.fixture(scope="module")
def server(repository: Path) -> Iterator[str]:
    """Git over HTTP by its own backend."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            length = int(self.headers.get("Content-Length") or 0)
            environment = {
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(repository.parent),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(length),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            if self.headers.get("Content-Encoding"):
                environment["HTTP_CONTENT_ENCODING"] = self.headers["Content-Encoding"]
            done = subprocess.run(
                ["git", "-c", "safe.directory=*", "http-backend"],
                input=self.rfile.read(length),
                env=environment,
                capture_output=True,
                check=False,
            )
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            lines = [line.decode().partition(": ") for line in head.split(b"\r\n") if line]
            named = {name: value for name, _, value in lines}
            self.send_response(int(named.pop("Status", "200").split()[0]))
            for name, value in named.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}/repo"
    served.shutdown()
    served.server_close()


def build(machine: Machine, source_type: str, url: str, **fields: Any) -> Any:
    """The build of a new Actor with that source, once it ended."""
    name = {"GIT_REPO": "gitRepoUrl", "TARBALL": "tarballUrl", "GITHUB_GIST": "gitHubGistUrl"}
    version = {"versionNumber": "0.0", "sourceType": source_type, name[source_type]: url}
    versions = [version | {"buildTag": "latest"} | fields]
    made = machine.ada.data("POST", "acts", json={"versions": versions})
    return machine.build(made["id"])


def printed(machine: Machine, built: Any) -> str:
    assert built["status"] == "SUCCEEDED", machine.log(built["id"])
    return machine.log(machine.run(built["actId"])["id"])


def test_rule_68_a_git_repository(machine: Machine, server: str) -> None:
    assert "FETCHED whole" in printed(machine, build(machine, "GIT_REPO", server))


def test_rule_68_a_branch_and_a_folder_of_it(machine: Machine, server: str) -> None:
    url = f"{server}#other:sub/actor"
    assert "FETCHED part" in printed(machine, build(machine, "GIT_REPO", url))


@pytest.mark.parametrize("place", ["#nobranch", "#other:nofolder"])
def test_what_the_repository_lacks_is_a_sentence(machine: Machine, server: str, place: str) -> None:
    built = build(machine, "GIT_REPO", server + place)
    assert built["status"] == "FAILED"
    assert (
        "could not be cloned" in machine.log(built["id"]) or "no folder" in built["statusMessage"]
    )


def test_rule_68_a_folder_with_what_lies_beside_it(machine: Machine, server: str) -> None:
    built = build(machine, "GIT_REPO", f"{server}#mono:actors/one")
    assert "from beside" in printed(machine, built)
    assert machine.ada.data("GET", f"actor-builds/{built['id']}")["readme"] == "one of many"


@pytest.mark.parametrize("make", [tar, zipped])
def test_rule_68_an_archive(machine: Machine, tmp_path: Path, make: Any) -> None:
    content = make(tmp_path / "a", files=MAIN).read_bytes()
    with receiving(receivers.answer(200, content)) as target:
        where = f"Location: {target.url}"
        with receiving(receivers.answer(302, b"", where)) as first:
            built = build(machine, "TARBALL", first.url)
    assert "FETCHED whole" in printed(machine, built)


def test_rule_68_an_archive_in_a_store_of_the_platform(machine: Machine, tmp_path: Path) -> None:
    """As the command line puts it when the source is large."""
    store = machine.ada.data("POST", "key-value-stores?name=sources")
    path = f"key-value-stores/{store['id']}/records/version-0.0.zip"
    content = zipped(tmp_path / "a", MAIN).read_bytes()
    headers = {"Content-Type": "application/zip"}
    machine.ada.http.put(path, content=content, headers=headers).raise_for_status()
    built = build(machine, "TARBALL", f"{machine.platform.url}/v2/{path}")
    assert "FETCHED whole" in printed(machine, built)


@pytest.mark.parametrize(
    ("behave", "sentence"),
    [
        (receivers.answer(404), "answered 404"),
        (receivers.answer(302, b"", "Location: http://169.254.169.254/"), "may not be called"),
        (receivers.answer(200, b"nothing"), "cannot be unpacked"),
        (receivers.reset, "could not be reached"),
        (receivers.headers_only, "could not be reached|did not answer as HTTP"),
    ],
)
def test_an_archive_that_cannot_be_had_is_a_sentence(
    machine: Machine, behave: receivers.Behaviour, sentence: str
) -> None:
    with receiving(behave) as receiver:
        built = build(machine, "TARBALL", receiver.url)
    assert built["status"] == "FAILED"
    assert any(each in built["statusMessage"] for each in sentence.split("|"))


def test_an_abort_does_not_wait_for_a_server_that_is_silent(machine: Machine) -> None:
    with receiving(receivers.never) as receiver:
        version = {"versionNumber": "0.0", "sourceType": "TARBALL", "tarballUrl": receiver.url}
        made = machine.ada.data("POST", "acts", json={"versions": [version]})
        started = machine.ada.data("POST", f"acts/{made['id']}/builds?version=0.0")
        wait_for(lambda: receiver.requests)
        machine.ada.data("POST", f"actor-builds/{started['id']}/abort")
        path = f"actor-builds/{started['id']}?waitForFinish=15"
        assert machine.ada.data("GET", path)["status"] == "ABORTED"


BAD_GIT = """
ext::sh%20-c%20touch%20/tmp/canary file:///etc/passwd /etc/passwd ssh://git@github.com/a/b
git@github.com:a/b.git git://github.com/a/b --upload-pack=touch http://127.0.0.1:8010/a
https://user:secret@github.com/a/b https://169.254.169.254/a https://github.com/a/b#-oProxy
https://github.com/a/b#a..b https://github.com/a/b#$(id) https://github.com/a/b#main:../../etc
https://github.com/a/b#main:/etc
"""


@pytest.mark.parametrize("url", BAD_GIT.split())
def test_row_21_git_urls_that_are_no_repository(url: str) -> None:
    with pytest.raises(BadSource):
        fetching.check("GIT_REPO", url)


def test_row_21_git_urls_that_are() -> None:
    found = fetching.repository_of("https://github.com/a/b.git#feature/x-1:packages/actor")
    assert (found.branch, found.folder) == ("feature/x-1", "packages/actor")
    assert fetching.repository_of("https://github.com/a/b").branch == ""


def test_rule_68_a_gist_is_a_repository_of_its_own() -> None:
    url = "https://gist.github.com/someone/0123456789abcdef0123"
    assert fetching.gist_of(url).url == url + ".git"
    for wrong in ("https://example.com/a/0123456789", "https://gist.github.com/someone", ""):
        with pytest.raises(BadSource):
            fetching.gist_of(wrong)


def test_a_url_that_cannot_work_is_refused_when_it_is_saved(machine: Machine) -> None:
    version = {"versionNumber": "0.0", "sourceType": "GIT_REPO", "gitRepoUrl": "ext::sh -c x"}
    response = machine.ada.http.post("acts", json={"versions": [version]})
    assert response.status_code == 400
    assert "gitRepoUrl: The repository cannot be fetched" in response.text
