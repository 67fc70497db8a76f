"""What the log gets of a page that failed. Django alone keeps it from the log unless in debug."""

import logging


class Line(logging.Formatter):
    """The time, how bad it is, the id that the page of the error showed, and the traceback."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        shown = getattr(getattr(record, "request", None), "request_id", "")
        line = super().format(record)
        return f"Request {shown}: {line}" if shown else line


CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": Line}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR"}},
}
