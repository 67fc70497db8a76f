"""Tells a runner that there is work. Losing a ring loses nothing: the runner sweeps the rows."""

import logging
from functools import cache

from celery import Celery
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


@cache
def _celery() -> Celery:
    app = Celery("platform", broker=settings.CELERY_BROKER_URL, set_as_current=False, changes={})
    app.conf.update(
        task_ignore_result=True,
        broker_transport_options={
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "max_retries": 1,  # without these four a start waits 6 s when Redis is down
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
        },
    )
    return app


def ring_after_commit(queue: str, job: str, work_id: str) -> None:
    """Sends job `job` with the id on `queue` once the transaction of this thread is committed."""
    transaction.on_commit(lambda: ring(queue, job, work_id), using="platform")


def ring(queue: str, job: str, work_id: str) -> None:
    try:
        _celery().send_task(job, [work_id], queue=queue, retry=False)
    except (OperationalError, OSError) as problem:
        log.warning("No runner was told of %s, the sweep will find it: %s", work_id, problem)


def ring_run(run_id: str) -> None:
    ring_after_commit("runs", "apps.platform.jobs.start_run", run_id)


def ring_webhook(dispatch_id: str) -> None:
    ring_after_commit("runs", "apps.platform.jobs.send_webhooks", dispatch_id)


def ring_build(build_id: str) -> None:
    ring_after_commit("builds", "apps.platform.jobs.start_build", build_id)
