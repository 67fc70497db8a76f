"""Threads that do the same work again and again, beside a runner."""

import logging
import threading
from collections.abc import Callable

from django.db import connections

log = logging.getLogger(__name__)
AFTER_TROUBLE = 1.0


class Rounds:
    """Calls `work`, waits for as many seconds as it answers, and so on until `stop`. Trouble is
    logged and tried again, on a new connection when the old one broke."""

    def __init__(self, name: str, work: Callable[[], float]) -> None:
        self._work = work
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def run(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = self._work()
            except Exception:
                log.exception("%s could not do its rounds", self._thread.name)
                connections["platform"].close_if_unusable_or_obsolete()
                pause = AFTER_TROUBLE
        connections.close_all()
