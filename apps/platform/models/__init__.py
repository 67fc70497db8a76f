"""One module per resource; Django finds the tables through this list."""

from apps.platform.models.actors import Actor, Version
from apps.platform.models.builds import Build
from apps.platform.models.datasets import Dataset, DatasetChunk
from apps.platform.models.input_keys import InputKey
from apps.platform.models.key_value_stores import KeyValueStore, Record
from apps.platform.models.request_queues import QueueRequest, RequestQueue
from apps.platform.models.runs import Charge, Run
from apps.platform.models.schedules import Firing, Schedule
from apps.platform.models.tasks import Task
from apps.platform.models.usage import UsageDay
from apps.platform.models.users import Token, User
from apps.platform.models.webhooks import Webhook, WebhookCall, WebhookDispatch

__all__ = [
    "Actor",
    "Build",
    "Charge",
    "Dataset",
    "DatasetChunk",
    "Firing",
    "InputKey",
    "KeyValueStore",
    "QueueRequest",
    "Record",
    "RequestQueue",
    "Run",
    "Schedule",
    "Task",
    "Token",
    "UsageDay",
    "User",
    "Version",
    "Webhook",
    "WebhookCall",
    "WebhookDispatch",
]
