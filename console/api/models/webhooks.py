"""Webhooks and their dispatches (semantics.md rules 229-245)."""

from datetime import datetime

from console.api.models.base import Id, Model

RUN_EVENTS = (
    "ACTOR.RUN.CREATED",
    "ACTOR.RUN.SUCCEEDED",
    "ACTOR.RUN.FAILED",
    "ACTOR.RUN.ABORTED",
    "ACTOR.RUN.TIMED_OUT",
    "ACTOR.RUN.RESURRECTED",
)
BUILD_EVENTS = (
    "ACTOR.BUILD.CREATED",
    "ACTOR.BUILD.SUCCEEDED",
    "ACTOR.BUILD.FAILED",
    "ACTOR.BUILD.ABORTED",
    "ACTOR.BUILD.TIMED_OUT",
)


class Condition(Model, frozen=True):
    """What is watched: an Actor, a task or one run."""

    actor_id: str | None = None
    actor_task_id: str | None = None
    actor_run_id: str | None = None


class LastDispatch(Model, frozen=True):
    status: str = ""
    finished_at: datetime | None = None


class WebhookStats(Model, frozen=True):
    total_dispatches: int = 0


class WebhookSummary(Model, frozen=True):
    """What lists tell; they leave the templates and the description out (rule 240)."""

    id: Id
    created_at: datetime | None = None
    modified_at: datetime | None = None
    user_id: str | None = None
    event_types: list[str] = []
    condition: Condition = Condition()
    request_url: str = ""
    is_ad_hoc: bool | None = None
    ignore_ssl_errors: bool = False
    do_not_retry: bool | None = None
    should_interpolate_strings: bool | None = None
    last_dispatch: LastDispatch | None = None
    stats: WebhookStats | None = None
    description: str | None = None


class Webhook(WebhookSummary, frozen=True):
    payload_template: str | None = None
    headers_template: str | None = None


class EventData(Model, frozen=True):
    actor_id: str | None = None
    actor_task_id: str | None = None
    actor_run_id: str | None = None
    actor_build_id: str | None = None


class Attempt(Model, frozen=True):
    """One delivery. `request_*` are told by some APIs only; they are what was really sent."""

    started_at: datetime | None = None
    finished_at: datetime | None = None
    error_message: str | None = None
    response_status: int | None = None
    response_body: str | None = None
    request_headers: dict[str, str] | None = None
    request_body: str | None = None


class Receiver(Model, frozen=True):
    """The webhook of a dispatch, in short and without its id."""

    request_url: str = ""
    is_ad_hoc: bool | None = None


class Dispatch(Model, frozen=True):
    """`status` is ACTIVE, SUCCEEDED or FAILED (rule 243)."""

    id: Id
    user_id: str | None = None
    webhook_id: str | None = None
    created_at: datetime | None = None
    status: str = ""
    event_type: str = ""
    event_data: EventData | None = None
    calls: list[Attempt] = []
    webhook: Receiver | None = None
