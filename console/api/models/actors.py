"""Actors, their versions and variables (semantics.md rules 60, 64, 67-75)."""

from datetime import datetime

from console.api.models.base import Id, Model


class ActorStats(Model, frozen=True):
    total_builds: int = 0
    total_runs: int = 0
    total_users: int = 0
    total_users7_days: int = 0
    total_users30_days: int = 0
    total_users90_days: int = 0
    total_metamorphs: int = 0
    last_run_started_at: datetime | None = None


class DefaultRunOptions(Model, frozen=True):
    build: str = ""
    timeout_secs: int | None = None
    memory_mbytes: int | None = None


class TaggedBuild(Model, frozen=True):
    build_id: Id | None = None
    build_number: str | None = None
    finished_at: datetime | None = None


class EnvVar(Model, frozen=True):
    name: str
    value: str | None = None
    is_secret: bool | None = None


class SourceFile(Model, frozen=True):
    """`format` is TEXT or BASE64; a folder has no content."""

    name: str
    format: str = "TEXT"
    content: str = ""
    folder: bool | None = None


class Version(Model, frozen=True):
    version_number: str
    source_type: str | None = None
    build_tag: str | None = None
    env_vars: list[EnvVar] | None = None
    apply_env_vars_to_build: bool | None = None
    source_files: list[SourceFile] | None = None
    git_repo_url: str | None = None
    tarball_url: str | None = None
    git_hub_gist_url: str | None = None


class ExampleInput(Model, frozen=True):
    body: str | None = None
    content_type: str | None = None


class ActorSummary(Model, frozen=True):
    id: Id
    name: str = ""
    username: str = ""
    title: str | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    stats: ActorStats | None = None


class Actor(ActorSummary, frozen=True):
    user_id: Id | None = None
    description: str | None = None
    is_public: bool = False
    is_deprecated: bool | None = None
    restart_on_error: bool | None = None
    categories: list[str] | None = None
    versions: list[Version] = []
    default_run_options: DefaultRunOptions = DefaultRunOptions()
    tagged_builds: dict[str, TaggedBuild | None] | None = None
    example_run_input: ExampleInput | None = None
    deployment_key: str | None = None
