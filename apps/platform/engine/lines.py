"""From what a process writes to lines of a log, in constant memory."""

from typing import Protocol

from apps.platform.domain.clock import iso, now

LONGEST = 64 << 10
HIDDEN = b"***"


class Sink(Protocol):
    def append(self, data: bytes) -> None: ...


class Lines:
    """Puts the moment before each line. `hide` never shows; half a line is shown by `flush`."""

    def __init__(self, log: Sink) -> None:
        self.hide = b""
        self._log = log
        self._held = b""
        self._inside = False  # the line that goes on has its moment already

    def feed(self, data: bytes) -> None:
        *whole, rest = (self._held + data).split(b"\n")
        if whole:
            stamp = iso(now()).encode() + b" "
            first = b"" if self._inside else stamp
            self._write(first + (b"\n" + stamp).join(whole) + b"\n")
            self._inside = False
        self._held = rest
        if len(rest) > LONGEST:
            self.flush()

    def flush(self) -> None:
        """Shows what there is of a line, but for what might be the beginning of `hide`."""
        kept = _may_begin(self._held, self.hide)
        shown = self._held[: len(self._held) - kept]
        if shown:
            stamp = b"" if self._inside else iso(now()).encode() + b" "
            self._write(stamp + shown)
            self._inside, self._held = True, self._held[len(shown) :]

    def say(self, text: str) -> None:
        """A line of the platform's own, never inside one of the Actor's."""
        self.end()
        self.feed(text.encode() + b"\n")

    def end(self) -> None:
        """Nothing more comes: the last line ends too."""
        if self._held or self._inside:
            self.feed(b"\n")

    def _write(self, data: bytes) -> None:
        self._log.append(data.replace(self.hide, HIDDEN) if self.hide else data)


def _may_begin(data: bytes, hidden: bytes) -> int:
    """How many bytes at the end of `data` are the beginning of `hidden`."""
    for length in range(min(len(hidden) - 1, len(data)), 0, -1):
        if data.endswith(hidden[:length]):
            return length
    return 0
