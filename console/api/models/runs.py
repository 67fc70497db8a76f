"""Runs (semantics.md rules 97, 98, 99, 128)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from console.api.models.base import Id, Model

STATUSES = (
    "READY",
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "TIMING-OUT",
    "TIMED-OUT",
    "ABORTING",
    "ABORTED",
)


def status_of(query: Mapping[str, Any]) -> str:
    """The status that `?status=` asks for; "" for what is none."""
    status = query.get("status", "")
    return status if status in STATUSES else ""


TERMINAL = frozenset({"SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT"})


class Meta(Model, frozen=True):
    origin: str = ""
    client_ip: str | None = None
    user_agent: str | None = None
    scheduled_at: datetime | None = None


class RunStats(Model, frozen=True):
    """Bytes, seconds, milliseconds and percents of one core, as the API counts them."""

    input_body_len: float = 0
    restart_count: int = 0
    resurrect_count: int = 0
    metamorph: int = 0
    compute_units: float = 0
    run_time_secs: float | None = None
    duration_millis: float | None = None
    mem_avg_bytes: float | None = None
    mem_max_bytes: float | None = None
    mem_current_bytes: float | None = None
    cpu_avg_usage: float | None = None
    cpu_max_usage: float | None = None
    cpu_current_usage: float | None = None
    net_rx_bytes: float | None = None
    net_tx_bytes: float | None = None


class RunOptions(Model, frozen=True):
    build: str = ""
    timeout_secs: int | None = None
    memory_mbytes: int | None = None
    disk_mbytes: int | None = None
    max_items: int | None = None
    max_total_charge_usd: float | None = None


class RunSummary(Model, frozen=True):
    id: Id
    act_id: Id | None = None
    actor_task_id: Id | None = None
    status: str = ""
    status_message: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    build_id: Id | None = None
    build_number: str | None = None
    meta: Meta = Meta()
    usage_total_usd: float | None = None
    default_key_value_store_id: Id | None = None
    default_dataset_id: Id | None = None
    default_request_queue_id: Id | None = None

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL


class Run(RunSummary, frozen=True):
    user_id: Id | None = None
    is_status_message_terminal: bool | None = None
    exit_code: int | None = None
    stats: RunStats = RunStats()
    options: RunOptions = RunOptions()
    container_url: str | None = None
    is_container_server_ready: bool | None = None
    general_access: str | None = None
    git_branch_name: str | None = None
    pricing_info: dict[str, Any] | None = None
    charged_event_counts: dict[str, int] | None = None
    usage: dict[str, float] | None = None
    usage_usd: dict[str, float] | None = None

    @property
    def live_view_url(self) -> str:
        """Where the Actor's web server answers now, or ""."""
        url = self.container_url or ""
        is_there = self.is_container_server_ready and not self.is_terminal
        return url if is_there and url.startswith(("https://", "http://")) else ""
