"""Tells a runner that there is work. Losing a ring loses nothing: the runner sweeps the rows."""

import logging
from collections.abc import Sequence
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


def ring_after_commit(queue: str, job: str, *work_ids: str) -> None:
    """Sends job `job` with the ids on `queue` once the transaction of this thread is committed."""
    transaction.on_commit(lambda: ring(queue, job, *work_ids), using="platform")


def ring(queue: str, job: str, *work_ids: str) -> None:
    try:
        _celery().send_task(job, work_ids, queue=queue, retry=False)
    except (OperationalError, OSError) as problem:
        ids = ", ".join(work_ids)
        log.warning("No runner was told of %s, the sweep will find it: %s", ids, problem)


def ring_runs(run_ids: Sequence[str]) -> None:
    ring_after_commit("runs", "apps.platform.jobs.start_runs", *run_ids)


def ring_webhook(dispatch_id: str) -> None:
    ring_after_commit("runs", "apps.platform.jobs.send_webhooks", dispatch_id)


def ring_build(build_id: str) -> None:
    ring_after_commit("builds", "apps.platform.jobs.start_build", build_id)
