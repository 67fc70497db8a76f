"""Builds (semantics.md rules 81, 82)."""

from datetime import datetime
from typing import Any

import msgspec

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

    @property
    def schema(self) -> Any:
        """The input schema as JSON, None without one; a text that is no JSON is no schema."""
        nested = (self.actor_definition or {}).get("input")
        if isinstance(nested, dict):
            return nested
        try:
            return msgspec.json.decode(self.input_schema or "null")
        except msgspec.DecodeError:
            return {"properties": None}

    @property
    def readme_text(self) -> str:
        nested = (self.actor_definition or {}).get("readme")
        return nested if isinstance(nested, str) and nested else self.readme or ""
