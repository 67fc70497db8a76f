"""Builds (semantics.md rules 81, 82)."""

from datetime import datetime
from typing import Any

from console.api.models.base import Id, Model
from console.api.models.runs import TERMINAL, Meta


class BuildStats(Model, frozen=True):
    duration_millis: float | None = None
    run_time_secs: float | None = None
    compute_units: float = 0


class BuildOptions(Model, frozen=True):
    use_cache: bool | None = None
    beta_packages: bool | None = None
    memory_mbytes: int | None = None
    disk_mbytes: int | None = None


class BuildSummary(Model, frozen=True):
    id: Id
    act_id: Id | None = None
    status: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    build_number: str | None = None
    usage_total_usd: float | None = None
    meta: Meta = Meta()

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL


class Build(BuildSummary, frozen=True):
    """`input_schema` and `readme` are texts; newer APIs nest them in `actor_definition`."""

    user_id: Id | None = None
    stats: BuildStats | None = None
    options: BuildOptions | None = None
    usage: dict[str, float] | None = None
    usage_usd: dict[str, float] | None = None
    input_schema: str | None = None
    readme: str | None = None
    actor_definition: dict[str, Any] | None = None
