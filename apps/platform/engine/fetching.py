"""Sources that lie elsewhere: tarballs, git repositories, gists (reliability-security.md row 21).

A git repository is cloned in a sandbox that may write one folder. Its host is resolved and checked
here and pinned there; redirects, other protocols, submodules, hooks and links are off.
"""

import os
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from apps.platform.domain.destinations import Refused, Target
from apps.platform.engine import archives, definition, outbound, sandbox
from apps.platform.engine.sources import (
    LARGEST_FILE,
    LARGEST_TOTAL,
    MOST_FILES,
    BadSource,
    safe_name,
)
from apps.platform.engine.threads import in_thread

SECONDS = 300
CLONE_BYTES = 512 << 20
BRANCH = re.compile(r"(?!-)[\w./-]{1,200}\Z", re.ASCII)
GIST = re.compile(r"https://gist\.github\.com/(?:[\w-]+/)?[0-9a-f]{5,64}(?:\.git)?/?\Z", re.ASCII)
GIT = (
    "-c protocol.allow=never -c protocol.http.allow=always -c protocol.https.allow=always"
    " -c core.hooksPath=/dev/null -c core.symlinks=false -c core.fsmonitor=false"
    " -c http.followRedirects=false -c http.lowSpeedLimit=1000 -c http.lowSpeedTime=30"
    " -c credential.helper= -c submodule.recurse=false -c transfer.bundleURI=false"
)
# argv, box, environment, whether its output is of no use to anyone -> exit code
Step = Callable[[list[str], sandbox.Box, dict[str, str], bool], Awaitable[int]]


@dataclass(frozen=True)
class Repository:
    url: str
    branch: str  # "": the default one
    folder: str  # "": all of it
    target: Target


def repository_of(text: str) -> Repository:
    """`https://host/path.git#branch:folder`; BadSource for what is not fetched."""
    url, _, place = text.strip().partition("#")
    branch, _, folder = place.partition(":")
    if branch and (not BRANCH.match(branch) or ".." in branch):
        raise BadSource(f"{branch[:100]!r} is no name of a branch or tag")
    if folder:
        safe_name(folder)
    try:
        target = outbound.check_url(url)
    except Refused as reason:
        raise BadSource(f"The repository cannot be fetched: {reason}") from None
    return Repository(url, branch, folder.strip("/"), target)


def gist_of(text: str) -> Repository:
    if not GIST.match(text.strip()):
        raise BadSource(
            "A gist has an address such as https://gist.github.com/name/0123456789abcdef"
        )
    return repository_of(text.strip().rstrip("/").removesuffix(".git") + ".git")


def check(source_type: str, url: str) -> None:
    """BadSource when the URL of a version can surely not be built from."""
    if source_type == "GIT_REPO":
        repository_of(url)
    elif source_type == "GITHUB_GIST":
        gist_of(url)
    elif source_type == "TARBALL":
        try:
            outbound.check_download(url)
        except Refused as reason:
            raise BadSource(f"The archive cannot be fetched: {reason}") from None


async def fetch(source_type: str, url: str, folder: Path, step: Step) -> str:
    """Puts the source into the empty `folder`; BadSource otherwise. The Actor's own folder in it,
    "" when that is all."""
    if not url:
        raise BadSource(f"The version has no URL for its source of type {source_type}")
    if source_type == "TARBALL":
        await _tarball(url, folder)
        return ""
    wanted = gist_of(url) if source_type == "GITHUB_GIST" else repository_of(url)
    return await _clone(wanted, folder, step)


async def _tarball(url: str, folder: Path) -> None:
    archive = folder.with_suffix(".archive")
    try:
        await _download(url, archive)
        await in_thread(archives.unpack, archive, folder)
    except (Refused, outbound.Unreachable) as problem:
        raise BadSource(f"The archive cannot be fetched: {problem}") from None
    finally:
        archive.unlink(missing_ok=True)


async def _download(url: str, archive: Path) -> None:
    size = 0
    with archive.open("wb") as file:
        async with outbound.download(url, seconds=SECONDS) as parts:
            async for part in parts:
                size += len(part)
                if size > LARGEST_TOTAL:
                    raise BadSource(f"The archive is larger than {LARGEST_TOTAL >> 20} MiB")
                file.write(part)


async def _clone(wanted: Repository, folder: Path, step: Step) -> str:
    program = shutil.which("git", path="/usr/local/bin:/usr/bin:/bin")
    if program is None:
        raise BadSource("This machine has no git. Install it, or give the source as an archive")
    target = wanted.target
    try:
        addresses = await outbound.addresses_of(target.host, target.port)
    except (Refused, outbound.Unreachable) as problem:
        raise BadSource(f"The repository cannot be fetched: {problem}") from None
    pinned = ",".join(f"[{each}]" if ":" in each else each for each in addresses)
    argv = ["timeout", str(SECONDS), program, *GIT.split()]
    argv += ["-c", f"http.curloptResolve={target.host}:{target.port}:{pinned}"]
    argv += ["clone", "--quiet", "--depth", "1", "--single-branch", "--no-tags"]
    argv += ["--no-recurse-submodules", *(["--branch", wanted.branch] if wanted.branch else [])]
    argv += ["--", wanted.url, str(folder / "all")]
    box = sandbox.Box(write=(folder,), start=folder, disk_bytes=CLONE_BYTES)
    if await step(argv, box, _environment(), False):
        raise BadSource("The repository could not be cloned")
    return await in_thread(_settle, folder, wanted.folder)


def _environment() -> dict[str, str]:
    made = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "http:https",
        "GIT_LFS_SKIP_SMUDGE": "1",
    }
    if "SSL_CERT_FILE" in os.environ:
        made["GIT_SSL_CAINFO"] = os.environ["SSL_CERT_FILE"]
    return made


def _settle(folder: Path, part: str) -> str:
    """Leaves the wanted part of the clone in `folder`, or all of it when that part reaches out of
    itself, and nothing of git; where the part is then."""
    clone = folder / "all"
    shutil.rmtree(clone / ".git", ignore_errors=True)
    wanted = clone / safe_name(part) if part else clone
    if not wanted.is_dir() or wanted.is_symlink():
        raise BadSource(f"The repository has no folder {part[:200]!r}")
    if part and definition.reaches_out(wanted):
        wanted = clone
    else:
        part = ""
    _check_tree(wanted)
    aside = folder.with_suffix(".clone")
    shutil.rmtree(aside, ignore_errors=True)
    wanted.rename(aside)
    shutil.rmtree(folder)
    aside.rename(folder)
    return part


def _check_tree(folder: Path) -> None:
    total = 0
    for count, path in enumerate(folder.rglob("*")):
        found = path.lstat()
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            raise BadSource(f"{path.name!r} is a link or a device")
        size = 0 if path.is_dir() else found.st_size
        total += size
        if count > MOST_FILES or size > LARGEST_FILE or total > LARGEST_TOTAL:
            raise BadSource(f"The repository is too large at {path.name!r}")
