"""Builds: /v2/actor-builds and /v2/acts/{actorId}/builds (endpoints 17-20, 54-58)."""

from console.api.calls import Call, params, path
from console.api.models.base import Page
from console.api.models.builds import Build, BuildSummary
from console.api.reading import data, nothing


def list_builds(
    *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[BuildSummary]]:
    return Call(
        "GET",
        "/v2/actor-builds",
        data(Page[BuildSummary]),
        params(offset=offset, limit=limit, desc=desc),
    )


def list_actor_builds(
    actor_id: str, *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[BuildSummary]]:
    return Call(
        "GET",
        path("/v2/acts/{}/builds", actor_id),
        data(Page[BuildSummary]),
        params(offset=offset, limit=limit, desc=desc),
    )


def get_build(build_id: str, *, wait_for_finish: int | None = None) -> Call[Build]:
    return Call(
        "GET",
        path("/v2/actor-builds/{}", build_id),
        data(Build),
        params(wait_for_finish=wait_for_finish),
    )


def default_build(actor_id: str) -> Call[Build]:
    """The build that a run without the `build` option uses."""
    return Call("GET", path("/v2/acts/{}/builds/default", actor_id), data(Build))


def start_build(
    actor_id: str,
    *,
    version: str,
    tag: str | None = None,
    use_cache: bool | None = None,
    beta_packages: bool | None = None,
) -> Call[Build]:
    """Rules 76-79; `version` is a version number such as 0.1."""
    return Call(
        "POST",
        path("/v2/acts/{}/builds", actor_id),
        data(Build),
        params(version=version, tag=tag, use_cache=use_cache, beta_packages=beta_packages),
    )


def abort_build(build_id: str) -> Call[Build]:
    return Call("POST", path("/v2/actor-builds/{}/abort", build_id), data(Build))


def delete_build(build_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/actor-builds/{}", build_id), nothing)
