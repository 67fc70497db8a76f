"""Runs: /v2/actor-runs and /v2/acts/{actorId}/runs (endpoints 21-23, 46-53)."""

from dataclasses import replace

from console.api.calls import JSON, Answer, Call, params, path
from console.api.models.base import Page
from console.api.models.runs import Run, RunSummary
from console.api.models.storages import Dataset, KeyPage, KeyValueStore, RequestQueue
from console.api.reading import data, nothing, whole
from console.api.resources.datasets import Items, list_items


def list_runs(
    *,
    offset: int = 0,
    limit: int = 100,
    desc: bool = True,
    status: str | None = None,
    started_after: str | None = None,
    started_before: str | None = None,
) -> Call[Page[RunSummary]]:
    """`status` may be several with commas between. `started_after` and `started_before` as
    ISO 8601; an API that knows neither ignores them."""
    return Call(
        "GET",
        "/v2/actor-runs",
        data(Page[RunSummary]),
        params(
            offset=offset,
            limit=limit,
            desc=desc,
            status=status,
            started_after=started_after,
            started_before=started_before,
        ),
    )


def list_actor_runs(
    actor_id: str,
    *,
    offset: int = 0,
    limit: int = 100,
    desc: bool = True,
    status: str | None = None,
    started_after: str | None = None,
    started_before: str | None = None,
) -> Call[Page[RunSummary]]:
    """The same for the runs of one Actor."""
    everywhere = list_runs(
        offset=offset,
        limit=limit,
        desc=desc,
        status=status,
        started_after=started_after,
        started_before=started_before,
    )
    return replace(everywhere, path=path("/v2/acts/{}/runs", actor_id))


def get_run(run_id: str, *, wait_for_finish: int | None = None) -> Call[Run]:
    """`wait_for_finish` in seconds, at most 60 (rule 80)."""
    return Call(
        "GET",
        path("/v2/actor-runs/{}", run_id),
        data(Run),
        params(wait_for_finish=wait_for_finish),
    )


def get_run_summary(run_id: str) -> Call[RunSummary]:
    """A run as the lists have it."""
    return Call("GET", path("/v2/actor-runs/{}", run_id), data(RunSummary))


def start_run(
    actor_id: str,
    *,
    input_body: bytes = b"",
    content_type: str = JSON,
    build: str | None = None,
    timeout: int | None = None,
    memory: int | None = None,
    max_items: int | None = None,
    max_total_charge_usd: str | None = None,
) -> Call[Run]:
    """`timeout` in seconds, `memory` in megabytes, a power of two (rules 88-94)."""
    return Call(
        "POST",
        path("/v2/acts/{}/runs", actor_id),
        data(Run),
        params(
            build=build,
            timeout=timeout,
            memory=memory,
            max_items=max_items,
            max_total_charge_usd=max_total_charge_usd,
        ),
        input_body,
        content_type if input_body else "",
    )


def abort_run(run_id: str, *, gracefully: bool = False) -> Call[Run]:
    """Gracefully gives the run 30 seconds to save its state (rules 105, 106)."""
    return Call(
        "POST",
        path("/v2/actor-runs/{}/abort", run_id),
        data(Run),
        params(gracefully=gracefully or None),
    )


def reboot_run(run_id: str) -> Call[Run]:
    return Call("POST", path("/v2/actor-runs/{}/reboot", run_id), data(Run))


def resurrect_run(
    run_id: str,
    *,
    build: str | None = None,
    timeout: int | None = None,
    memory: int | None = None,
) -> Call[Run]:
    """Options default to the run's own (rule 117)."""
    return Call(
        "POST",
        path("/v2/actor-runs/{}/resurrect", run_id),
        data(Run),
        params(build=build, timeout=timeout, memory=memory),
    )


def metamorph_run(
    run_id: str,
    *,
    target_actor_id: str,
    build: str | None = None,
    input_body: bytes = b"",
    content_type: str = JSON,
) -> Call[Run]:
    return Call(
        "POST",
        path("/v2/actor-runs/{}/metamorph", run_id),
        data(Run),
        params(target_actor_id=target_actor_id, build=build),
        input_body,
        content_type if input_body else "",
    )


def delete_run(run_id: str) -> Call[None]:
    """Only a finished run can be deleted (rule 103)."""
    return Call("DELETE", path("/v2/actor-runs/{}", run_id), nothing)


def run_dataset(run_id: str) -> Call[Dataset | None]:
    """The default storages of a run, by the run's id alone (rule 126); None where one is gone."""
    return Call("GET", path("/v2/actor-runs/{}/dataset", run_id), data(Dataset)).or_none()


def run_items(
    run_id: str, *, offset: int = 0, limit: int = 100, desc: bool = False
) -> Call[Items | None]:
    call = list_items("", offset=offset, limit=limit, desc=desc)
    return replace(call, path=path("/v2/actor-runs/{}/dataset/items", run_id)).or_none()


def run_store(run_id: str) -> Call[KeyValueStore | None]:
    address = path("/v2/actor-runs/{}/key-value-store", run_id)
    return Call("GET", address, data(KeyValueStore)).or_none()


def run_keys(run_id: str, *, limit: int = 100) -> Call[KeyPage | None]:
    address = path("/v2/actor-runs/{}/key-value-store/keys", run_id)
    return Call("GET", address, data(KeyPage), params(limit=limit)).or_none()


def run_record(run_id: str, key: str) -> Call[Answer]:
    """A record as it is stored."""
    address = path("/v2/actor-runs/{}/key-value-store/records/{}", run_id, key)
    return Call("GET", address, whole)


def run_queue(run_id: str) -> Call[RequestQueue | None]:
    address = path("/v2/actor-runs/{}/request-queue", run_id)
    return Call("GET", address, data(RequestQueue)).or_none()
