"""The Celery application. Its work is called *jobs*, since *task* is a noun of the API."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")

app = Celery("callboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = {
    "follow": {
        "task": "apps.operations.jobs.follow",
        "schedule": 1.0,
        "options": {"expires": 5, "queue": "default"},  # a look that waited is of no use
    }
}
