"""Versions of an Actor's source as the API shows and takes them (semantics.md rules 67-75)."""

import base64
import binascii
from typing import Any

from apps.platform.api import fields
from apps.platform.domain.errors import invalid_value
from apps.platform.domain.names import is_build_tag, is_version_number
from apps.platform.engine import fetching
from apps.platform.engine.sources import BadSource
from apps.platform.models import Version
from apps.platform.storage.secrets import seal_env_var

URLS = {
    "GIT_REPO": "gitRepoUrl",
    "TARBALL": "tarballUrl",
    "GITHUB_GIST": "gitHubGistUrl",
}
SOURCE_TYPES = ("SOURCE_FILES", *URLS)
# all that callers may change; the number of the last build is not theirs
COLUMNS = (
    "version_number",
    "source_type",
    "source_files",
    "source_url",
    "env_vars",
    "apply_env_vars_to_build",
    "build_tag",
)
ENV_VAR_FIELDS = ("name", "value", "isSecret")


def shape(version: Version, *, foreign: bool = False) -> dict[str, Any]:
    """`foreign`: whoever does not own a public Actor sees neither source nor variables."""
    shown: dict[str, Any] = {
        "versionNumber": version.version_number,
        "sourceType": version.source_type,
        "applyEnvVarsToBuild": version.apply_env_vars_to_build,
        "buildTag": version.build_tag,
    }
    if foreign:
        return shown
    shown["envVars"] = [shape_env_var(each) for each in version.env_vars]
    if version.source_type in URLS:
        shown[URLS[version.source_type]] = version.source_url
    else:
        shown["sourceFiles"] = version.source_files or []
    return shown


def shape_env_var(env_var: dict[str, Any]) -> dict[str, Any]:
    """As it was sent, which clients compare, but for the value of a secret (rule 74)."""
    secret = env_var.get("isSecret")
    return {
        name: env_var[name]
        for name in ENV_VAR_FIELDS
        if name in env_var and not (secret and name == "value")
    }


def fill(version: Version, body: dict[str, Any]) -> Version:
    """Writes what `body` names into the row, which is not saved; ApiError 400."""
    if "versionNumber" in body:
        version.version_number = number_of(body)
    if "sourceType" in body:
        version.source_type = fields.text(body, "sourceType")
        if version.source_type not in SOURCE_TYPES:
            raise invalid_value(f"sourceType must be one of {', '.join(SOURCE_TYPES)}")
    if version.source_type in URLS and URLS[version.source_type] in body:
        version.source_url = _url(version.source_type, body)
    if body.get("sourceFiles") is not None:
        version.source_files = [_file(each) for each in fields.objects(body, "sourceFiles")]
    if "buildTag" in body:
        version.build_tag = _tag(body)
    if body.get("applyEnvVarsToBuild") is not None:
        version.apply_env_vars_to_build = fields.boolean(body, "applyEnvVarsToBuild")
    if body.get("envVars") is not None:
        kept = {each["name"]: each for each in version.env_vars}
        given = fields.objects(body, "envVars")
        version.env_vars = [env_var(each, kept) for each in given]
        _refuse_doubles(version.env_vars)
    return version


def number_of(body: dict[str, Any]) -> str:
    number = fields.text(body, "versionNumber")
    if not is_version_number(number):
        raise invalid_value("versionNumber must be MAJOR.MINOR, each from 0 to 99")
    return number


def new(body: dict[str, Any]) -> Version:
    """An unsaved version; versionNumber and sourceType must be there (rule 67)."""
    number_of(body)
    version = Version(build_tag=None if "buildTag" in body else "latest")
    return fill(version, {"sourceType": None} | body)


def env_var(body: dict[str, Any], kept: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """As it is kept; a secret sent without its value keeps the value it has in `kept`, by name
    (rules 73-75)."""
    name = fields.text(body, "name", most=1000)
    if not name or "=" in name:
        raise invalid_value("the name of an environment variable must not be empty or hold '='")
    made: dict[str, Any] = {"name": name}
    if body.get("value") is not None:
        made["value"] = fields.text(body, "value")
    if body.get("isSecret") is not None:
        made["isSecret"] = fields.boolean(body, "isSecret")
    if "value" not in made:
        sealed = kept.get(name, {}).get("sealed")
        if not (made.get("isSecret") and sealed):
            raise invalid_value(f"the environment variable {name} needs a value")
        made["sealed"] = sealed
    return seal_env_var(made)


def _url(source_type: str, body: dict[str, Any]) -> str | None:
    """Refused here when nothing could ever be built from it."""
    name = URLS[source_type]
    url = fields.text_or_null(body, name, most=2500)
    if url:
        try:
            fetching.check(source_type, url)
        except BadSource as reason:
            raise invalid_value(f"{name}: {reason}") from None
    return url


def _file(body: dict[str, Any]) -> dict[str, Any]:
    name = fields.text(body, "name", most=1000)
    if body.get("folder"):
        return {"name": name, "folder": True}
    content = fields.text(body, "content", most=9 * 1024 * 1024)
    kind = fields.text(body, "format") if "format" in body else "TEXT"
    if kind not in {"TEXT", "BASE64"}:
        raise invalid_value("the format of a source file must be TEXT or BASE64")
    if kind == "BASE64":
        try:
            base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise invalid_value(f"the content of {name[:200]} is not valid BASE64") from None
    return {"name": name, "format": kind, "content": content}


def _tag(body: dict[str, Any]) -> str | None:
    tag = fields.text_or_null(body, "buildTag")
    if tag is not None and not is_build_tag(tag):
        raise invalid_value("buildTag must be 1 to 64 letters, digits, dots, dashes or underscores")
    return tag


def _refuse_doubles(env_vars: list[dict[str, Any]]) -> None:
    if len({each["name"] for each in env_vars}) < len(env_vars):
        raise invalid_value("each environment variable may be named once")
