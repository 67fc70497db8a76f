"""Celery's entry points: they hand the ids of rows to the supervisor of this runner, nothing more.
The clock ticks beside it."""

import os
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown


@shared_task(name="apps.platform.jobs.start_runs")
def start_runs(*run_ids: str) -> None:
    from apps.platform.engine import supervisor

    if supervisor.current:
        supervisor.current.hand_over("run", run_ids)


@shared_task(name="apps.platform.jobs.start_build")
def start_build(build_id: str) -> None:
    from apps.platform.engine import supervisor

    if supervisor.current:
        supervisor.current.hand_over("build", [build_id])


@shared_task(name="apps.platform.jobs.send_webhooks")
def send_webhooks(dispatch_id: str) -> None:
    from apps.platform.clock import webhook_sender

    if webhook_sender.current:
        webhook_sender.current.look()


@worker_ready.connect
def begin(**_: Any) -> None:
    if os.environ.get("CALLBOARD_RUNNER") == "1":
        from apps.platform.clock import retention, scheduler, webhook_sender
        from apps.platform.engine import supervisor

        supervisor.begin()
        webhook_sender.begin()
        scheduler.rounds.start()
        retention.rounds.start()


@worker_shutdown.connect
def end(**_: Any) -> None:
    if os.environ.get("CALLBOARD_RUNNER") == "1":
        from apps.platform.clock import retention, scheduler, webhook_sender
        from apps.platform.engine import supervisor

        retention.rounds.stop()
        scheduler.rounds.stop()
        webhook_sender.end()
        supervisor.end()
