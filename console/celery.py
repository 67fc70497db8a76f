"""The Celery application. Its work is called *jobs*, since *task* is a noun of the API."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")

app = Celery("callboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = {
    "follow": {
        "task": "apps.operations.jobs.follow",
        "schedule": 1.0,
        "options": {"expires": 5, "queue": "default"},  # a look that waited is of no use
    },
    "send_mails": {
        "task": "apps.operations.jobs.send_mails",
        "schedule": 5.0,
        "options": {"expires": 5, "queue": "default"},
    },
}


@worker_ready.connect
def tell_that_it_is_ready(**_: Any) -> None:
    """`up` waits for the file that it names."""
    schedule = os.environ.get("CALLBOARD_BEAT_SCHEDULE")
    if schedule:
        # `-B` would make a process of 47 MB for it
        EmbeddedService(app, thread=True, schedule_filename=schedule).start()
    mark = os.environ.get("CALLBOARD_READY_FILE")
    if mark:
        Path(mark).touch()
