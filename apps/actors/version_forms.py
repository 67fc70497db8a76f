import re
from collections.abc import Mapping
from typing import Any

from django import forms

from apps.actors import sources
from apps.actors.forms import BAD_TAG, TAG
from console.api.models.actors import Actor, EnvVar, Version

URLS = {
    "GIT_REPO": ("gitRepoUrl", "git"),
    "TARBALL": ("tarballUrl", "tarball"),
    "GITHUB_GIST": ("gitHubGistUrl", "gist"),
}
TYPES = (
    ("SOURCE_FILES", "Files, edited here"),
    ("GIT_REPO", "Git repository"),
    ("TARBALL", "Archive: zip or tar.gz"),
    ("GITHUB_GIST", "GitHub gist"),
)
LABELS = {
    "sourceType": "Source",
    "gitRepoUrl": "Git repository",
    "tarballUrl": "Archive",
    "gitHubGistUrl": "Gist",
    "buildTag": "Build tag",
    "applyEnvVarsToBuild": "Variables apply to the build",
}
NUMBER = r"^(\d|[1-9]\d)\.(\d|[1-9]\d)$"
TOP = 99


class Setup(forms.Form):
    """Where the source comes from; only the address of the chosen kind is needed."""

    type = forms.ChoiceField(choices=TYPES, label="Source")
    git = forms.CharField(
        required=False,
        max_length=2500,
        label="Git repository",
        help_text="https://host/owner/name.git, with #branch:folder behind it where that matters.",
    )
    tarball = forms.CharField(
        required=False,
        max_length=2500,
        label="Archive",
        help_text="The address of a zip or tar.gz.",
    )
    gist = forms.CharField(
        required=False,
        max_length=2500,
        label="Gist",
        help_text="https://gist.github.com/owner/id",
    )
    tag = forms.RegexField(
        TAG,
        required=False,
        label="Build tag",
        error_messages=BAD_TAG,
        help_text="A build that succeeds takes it. A run names a build by its tag.",
    )
    apply = forms.BooleanField(required=False, label="Variables apply to the build")

    def clean(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        _, field = URLS.get(found.get("type", ""), ("", ""))
        if field and not found.get(field):
            self.add_error(field, "Write the address.")
        return found

    def refuse(self, sentence: str) -> None:
        """Beside the address, which is what an API refuses; else above the form."""
        _, field = URLS.get(self.cleaned_data["type"], ("", None))
        self.add_error(field, sentence)

    def typed(self) -> dict[str, Any]:
        found = self.cleaned_data
        urls = {name: found[field] for name, field in URLS.values()}
        return {
            "sourceType": found["type"],
            **urls,
            "buildTag": found["tag"],
            "applyEnvVarsToBuild": found["apply"],
        }

    def changes(self, changed: set[str]) -> dict[str, Any]:
        """For `update_version`: an address goes together with the kind that it belongs to."""
        mine = self.typed()
        url = URLS.get(mine["sourceType"], ("", ""))[0]
        plain = ("buildTag", "applyEnvVarsToBuild")
        body: dict[str, Any] = {name: mine[name] for name in plain if name in changed}
        if body.get("buildTag") == "":
            body["buildTag"] = None
        if "sourceType" in changed or url in changed:
            body["sourceType"] = mine["sourceType"]
            body |= {url: mine[url]} if url else {}
        return body


def setup_of(version: Version) -> dict[str, Any]:
    """What `Setup.typed` gives, of a version as it is."""
    urls = (version.git_repo_url, version.tarball_url, version.git_hub_gist_url)
    return {
        "sourceType": version.source_type or "SOURCE_FILES",
        **{name: url or "" for (name, _), url in zip(URLS.values(), urls, strict=True)},
        "buildTag": version.build_tag or "",
        "applyEnvVarsToBuild": bool(version.apply_env_vars_to_build),
    }


def begun(version: Version) -> dict[str, Any]:
    found = setup_of(version)
    return {
        "type": found["sourceType"],
        **{field: found[name] for name, field in URLS.values()},
        "tag": found["buildTag"],
        "apply": found["applyEnvVarsToBuild"],
    }


class NewVersion(forms.Form):
    number = forms.RegexField(
        NUMBER,
        label="Number",
        help_text="MAJOR.MINOR, each from 0 to 99.",
        error_messages={"required": "Write a number.", "invalid": "Write a number such as 0.2."},
    )
    tag = forms.RegexField(
        TAG, required=False, label="Build tag", error_messages=BAD_TAG, initial="beta"
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Beside `Setup`, which has a tag too, so the ids are its own."""
        super().__init__(data, initial=initial, auto_id="new_%s")

    @staticmethod
    def next_of(actor: Actor) -> str:
        pairs = [
            tuple(map(int, each.version_number.split(".")))
            for each in actor.versions
            if re.match(NUMBER, each.version_number)
        ]
        major, minor = max(pairs, default=(0, -1))
        return f"{major}.{minor + 1}" if minor < TOP else f"{major + 1}.0"

    def fields_from(self, version: Version | None) -> dict[str, Any]:
        """For `create_version`; the API never tells the value of a secret, so it stays behind."""
        made: dict[str, Any] = {
            "versionNumber": self.cleaned_data["number"],
            "sourceType": version.source_type if version else "SOURCE_FILES",
            "buildTag": self.cleaned_data["tag"] or None,
        }
        if version is None:
            return {**made, "sourceFiles": []}
        kept = [each for each in version.env_vars or [] if not each.is_secret]
        made["envVars"] = [{"name": each.name, "value": each.value or ""} for each in kept]
        made["applyEnvVarsToBuild"] = bool(version.apply_env_vars_to_build)
        url = URLS.get(version.source_type or "", ("", ""))[0]
        if url:
            return {**made, url: setup_of(version)[url]}
        return {**made, "sourceFiles": sources.wire(version.source_files or [])}


class Variable(forms.Form):
    name = forms.RegexField(
        r"^[A-Za-z_][A-Za-z0-9_]*$",
        max_length=200,
        label="Name",
        error_messages={
            "required": "Write a name.",
            "invalid": "Use letters, digits and underscores, no digit first.",
        },
    )
    value = forms.CharField(
        strip=False,
        max_length=100_000,
        label="Value",
        error_messages={"required": "Write a value."},
    )
    secret = forms.BooleanField(required=False, label="Secret")

    @staticmethod
    def begun(variable: EnvVar) -> dict[str, Any]:
        """The value of a secret is never shown again: it is typed anew."""
        value = "" if variable.is_secret else variable.value
        return {"name": variable.name, "value": value, "secret": variable.is_secret}
