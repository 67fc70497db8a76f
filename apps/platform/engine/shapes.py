"""Runs and builds as the API shows them (semantics.md rules 81, 82, 97, 98, 128)."""

from typing import Any

import msgspec
from django.conf import settings

from apps.platform.domain.clock import iso, iso_or_none
from apps.platform.domain.prices import NOTHING, dollars, total_dollars
from apps.platform.engine import actor_definitions, charging, web
from apps.platform.models import Build, Run
from apps.platform.models.work import Work

RUN_STATS = {
    "inputBodyLen": 0,
    "migrationCount": 0,
    "rebootCount": 0,
    "restartCount": 0,
    "resurrectCount": 0,
    "metamorph": 0,
    "computeUnits": 0,
}
# what is said while the Actor has said nothing itself (rule 123)
MESSAGES = {
    "READY": "Waiting for a place to run",
    "RUNNING": "Actor is running",
    "SUCCEEDED": "Actor finished",
    "FAILED": "Actor failed",
    "TIMING-OUT": "Actor is being stopped, its time is over",
    "TIMED-OUT": "Actor ran longer than its timeout",
    "ABORTING": "Actor is being aborted",
    "ABORTED": "Actor was aborted",
}


def run(row: Run, *, priced: bool) -> dict[str, Any]:
    """`priced` shows what it cost (rule 25)."""
    shown = {
        "id": row.id,
        "actId": row.actor_id,
        "userId": row.user_id,
        "actorTaskId": row.task_id or None,
        "startedAt": iso(row.started_at),
        "finishedAt": iso_or_none(row.finished_at),
        "status": row.status,
        "statusMessage": row.status_message or MESSAGES.get(row.status),
        "isStatusMessageTerminal": row.is_status_message_terminal,
        "meta": row.meta,
        "stats": RUN_STATS | row.stats,
        "options": row.options,
        "buildId": row.build_id,
        "buildNumber": row.build_number,
        "exitCode": row.exit_code,
        "generalAccess": row.general_access,
        "defaultKeyValueStoreId": row.key_value_store_id,
        "defaultDatasetId": row.dataset_id,
        "defaultRequestQueueId": row.request_queue_id,
        "storageIds": {
            "datasets": {"default": row.dataset_id},
            "keyValueStores": {"default": row.key_value_store_id},
            "requestQueues": {"default": row.request_queue_id},
        },
        "containerUrl": web.url_of(row),
        "isContainerServerReady": row.web_ready,
        "gitBranchName": None,
        "metamorphs": row.metamorphs,
        "platformUsageBillingModel": "USER",
        "consoleUrl": f"{settings.CONSOLE_URL}/runs/{row.id}/",
    }
    if row.pricing_info:
        shown |= {"pricingInfo": row.pricing_info, "chargedEventCounts": charging.counts(row)}
    return shown | (_costs(row) if priced else {})


def build(row: Build, *, priced: bool) -> dict[str, Any]:
    shown = {
        "id": row.id,
        "actId": row.actor_id,
        "userId": row.user_id,
        "startedAt": iso(row.started_at),
        "finishedAt": iso_or_none(row.finished_at),
        "status": row.status,
        "statusMessage": row.status_message,
        "exitCode": row.exit_code,
        "meta": row.meta,
        "stats": row.stats,
        "options": {
            "useCache": row.use_cache,
            "betaPackages": row.beta_packages,
            **row.options,
        },
        "buildNumber": row.build_number,
        "inputSchema": _text(row.input_schema),
        "readme": row.readme,
        "actorDefinition": actor_definitions.of(row),
        "consoleUrl": f"{settings.CONSOLE_URL}/builds/{row.id}/",
    }
    return shown | (_costs(row) if priced else {})


def _costs(row: Work) -> dict[str, Any]:
    return {
        "usage": NOTHING | row.usage,
        "usageUsd": dollars(row.usage),
        "usageTotalUsd": total_dollars(row.usage),
    }


def _text(schema: Any) -> str | None:
    return None if schema is None else msgspec.json.encode(schema).decode()
