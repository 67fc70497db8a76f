"""The Actors that ship with the Platform: created, updated and built when their source changed."""

import json
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.platform.domain import statuses
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError
from apps.platform.engine import builds, interpreters
from apps.platform.models import Actor, Build, User, Version

logger = logging.getLogger(__name__)
FOLDER = Path(__file__).resolve().parent.parent / "samples"
NAMES = ("hello-world", "site-crawler", "link-checker")
USUAL_ADDRESS = "http://127.0.0.1:8010"
VERSION = "0.0"
MEMORY = {"hello-world": 256, "site-crawler": 1024, "link-checker": 512}


def load(user: User) -> None:
    """Every sample belongs to `user` and has a build of its present source, or one under way.

    What the account's limits do not allow now waits for the next start: nothing else hangs on it.
    """
    for name in NAMES:
        actor = _actor(user, name)
        files = _files(FOLDER / name)
        version, made = Version.objects.get_or_create(
            actor=actor,
            version_number=VERSION,
            defaults={"source_type": "SOURCE_FILES", "source_files": files, "build_tag": "latest"},
        )
        changed = not made and version.source_files != files
        try:
            with transaction.atomic("platform"):
                if changed:
                    Version.objects.filter(id=version.id).update(source_files=files)
                if name == "link-checker" and interpreters.node_folder() is None:
                    continue
                if changed or not _has_build(actor):
                    _build(user, actor)
        except ApiError as refused:
            logger.warning("The sample %s is built at another start: %s", name, refused.message)


def _build(user: User, actor: Actor) -> None:
    builds.create_build(
        actor=actor,
        version_number=VERSION,
        tag=None,
        use_cache=True,
        beta_packages=False,
        user_id=user.id,
        meta={"origin": "DEVELOPMENT"},
    )


def _has_build(actor: Actor) -> bool:
    coming = Build.objects.filter(actor=actor, status__in=statuses.ACTIVE).exists()
    return coming or "latest" in actor.tagged_builds


def _actor(user: User, name: str) -> Actor:
    definition: dict[str, Any] = json.loads((FOLDER / name / ".actor" / "actor.json").read_text())
    description = definition["description"]
    if name == "link-checker" and interpreters.node_folder() is None:
        description += " Not built: this machine has no Node."
    actor, made = Actor.objects.get_or_create(
        user=user,
        name=name,
        defaults={
            "title": definition["title"],
            "description": description,
            "default_run_options": {
                "build": "latest",
                "timeoutSecs": 3600,
                "memoryMbytes": MEMORY[name],
            },
        },
    )
    if not made and actor.description != description:
        Actor.objects.filter(id=actor.id).update(description=description, modified_at=now())
    return actor


def _files(folder: Path) -> list[dict[str, str]]:
    """Source files as the API has them; the demo site's address is put where it is now."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts and "__pycache__" not in path.parts:
            text = path.read_text().replace(USUAL_ADDRESS, settings.PLATFORM_URL)
            name = str(path.relative_to(folder))
            found.append({"name": name, "format": "TEXT", "content": text})
    return found
