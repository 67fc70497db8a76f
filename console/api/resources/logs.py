"""Logs of runs and builds: /v2/logs/{id} (endpoint 107, rules 262-265)."""

from console.api.calls import Answer, Call, params, path
from console.api.reading import whole


def get_log(run_or_build_id: str, *, raw: bool | None = None) -> Call[Answer]:
    """The whole log as text/plain; at most its trailing 5,000,000 characters."""
    return Call("GET", path("/v2/logs/{}", run_or_build_id), whole, params(raw=raw))


def stream_log(run_or_build_id: str, *, raw: bool | None = None) -> Call[Answer]:
    """For `AsyncApi.stream`: goes on until the run or build ends."""
    return Call("GET", path("/v2/logs/{}", run_or_build_id), whole, params(stream=True, raw=raw))
