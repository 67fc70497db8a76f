"""Logs (endpoints 58, 107)."""

import threading
from pathlib import Path
from typing import Any

import pytest

from apps.platform.storage.logs import LogWriter
from tests.platform.api.conftest import Make, set_status
from tests.platform.conftest import Account, Platform

LINE = "2017-07-14T06:00:49.733Z \x1b[32mINFO\x1b[0m žluťoučký kůň\n"
PLAIN = "2017-07-14T06:00:49.733Z INFO žluťoučký kůň\n"


@pytest.fixture
def home(platform: Platform, settings: Any) -> Path:
    """Lets this process write beside the server."""
    settings.HOME = platform.home
    return platform.home


def write(work_id: str, text: str) -> None:
    writer = LogWriter(work_id)
    writer.append(text.encode())
    writer.close()


@pytest.mark.usefixtures("home")
def test_rules_24_263_a_log_is_plain_text_by_id(
    platform: Platform, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "SUCCEEDED")
    write(run["id"], LINE)
    for path in (f"logs/{run['id']}", f"actor-runs/{run['id']}/log"):
        response = platform.anonymous.get(path)
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert response.text == PLAIN
    assert "Content-Disposition" not in response.headers


@pytest.mark.usefixtures("home")
def test_raw_keeps_the_colours(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "SUCCEEDED")
    write(run["id"], LINE)
    assert ada.http.get(f"logs/{run['id']}?raw=1").text == LINE


@pytest.mark.usefixtures("home")
def test_rule_265_download_names_a_file(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "SUCCEEDED")
    response = ada.http.get(f"logs/{run['id']}?download=1")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{run["id"]}.log"'


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("raw", ["0", "1"])
def test_rule_264_a_stream_follows_and_ends_with_the_run(
    platform: Platform, ada: Account, actor: Any, make_run: Make, raw: str
) -> None:
    run = make_run(actor, "RUNNING")
    write(run["id"], LINE)
    with ada.http.stream("GET", f"logs/{run['id']}?stream=1&raw={raw}") as response:
        parts = response.iter_text()
        seen = next(parts)
        write(run["id"], "more \x1b[1")
        write(run["id"], "mlater\n")
        while "later" not in seen:
            seen += next(parts)
        write(run["id"], "last\n")
        set_status(platform, run["id"], "SUCCEEDED")
        seen += "".join(parts)
    whole = f"{LINE}more \x1b[1mlater\nlast\n"
    assert seen == (whole if raw == "1" else f"{PLAIN}more later\nlast\n")


@pytest.mark.usefixtures("home")
def test_rule_264_a_stream_of_a_finished_run_ends_at_once(
    ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "FAILED")
    write(run["id"], LINE)
    assert ada.http.get(f"logs/{run['id']}?stream=1").text == PLAIN


@pytest.mark.usefixtures("home")
def test_many_followers_hold_no_thread(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "RUNNING")
    seen: list[str] = []

    def follow() -> None:
        with ada.http.stream("GET", f"logs/{run['id']}?stream=1") as response:
            seen.append("".join(response.iter_text()))

    threads = [threading.Thread(target=follow) for _ in range(40)]
    for thread in threads:
        thread.start()
    assert ada.data("GET", "users/me")["username"] == "ada"
    write(run["id"], LINE)
    set_status(platform, run["id"], "SUCCEEDED")
    for thread in threads:
        thread.join()
    assert seen == [PLAIN] * 40


@pytest.mark.usefixtures("home")
def test_endpoint_58_the_log_of_a_build(ada: Account, make_actor: Make, make_build: Make) -> None:
    actor = make_actor()
    build = make_build(actor)
    write(build["id"], LINE)
    paths = (
        f"logs/{build['id']}",
        f"actor-builds/{build['id']}/log",
        f"acts/{actor['id']}/builds/{build['id']}/log",
    )
    for path in paths:
        assert ada.http.get(path).text == PLAIN


@pytest.mark.usefixtures("home")
def test_rule_126_the_log_of_the_last_run(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "SUCCEEDED")
    write(run["id"], LINE)
    assert ada.http.get(f"acts/{actor['id']}/runs/last/log").text == PLAIN


def test_a_log_of_nothing_is_not_found(ada: Account) -> None:
    response = ada.http.get("logs/nothing")
    assert (response.status_code, response.json()["error"]["type"]) == (404, "record-not-found")


@pytest.mark.usefixtures("home")
def test_the_official_client_streams(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "SUCCEEDED")
    write(run["id"], LINE)
    assert ada.client.log(run["id"]).get() == PLAIN
    with ada.client.run(run["id"]).log().stream(raw=True) as stream:
        assert stream is not None
        assert b"".join(stream.iter_bytes()).decode() == LINE
