"""The calls behind a page as text to copy."""

import ast
import inspect
import json
from urllib.parse import urlencode

import pytest

from apps.api_calls.snippets import Snippet, read
from tests.conftest import Browse
from tests.fakes import BASE_URL, TOKEN, FakeApi, actor_json, page

PANEL = "/api-calls/"


def ask(browser: Browse, *calls: str) -> str:
    query = urlencode([("call", call) for call in calls])
    return browser("vera").get(f"{PANEL}?{query}").content.decode()


def test_a_list_page_links_to_its_calls(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json()]))
    fake_api.data("GET", "/v2/actor-runs", page([]))
    text = browser("vera").get("/actors/").content.decode()
    assert f"{PANEL}?call=GET+%2Fv2%2Facts%3Foffset%3D0" in text
    assert TOKEN not in text


def test_it_shows_curl_python_and_javascript(browser: Browse, fake_api: FakeApi) -> None:
    text = ask(browser, "GET /v2/acts?limit=5&desc=1")
    assert "Authorization: Bearer $CALLBOARD_TOKEN" in text
    assert f"{BASE_URL}/v2/acts?limit=5&amp;desc=1" in text
    assert "client.actors().list(limit=5, desc=True)" in text
    assert "client.actors().list({ limit: 5, desc: true })" in text
    assert TOKEN not in text
    assert not fake_api.calls


def test_it_says_what_can_be_done_next(browser: Browse) -> None:
    text = ask(browser, "GET /v2/acts/AbC")
    assert "What you can do next" in text
    assert "client.actor(&quot;AbC&quot;).start(run_input={})" in text


@pytest.mark.parametrize(
    ("call", "python", "javascript"),
    [
        (
            "GET /v2/key-value-stores/s/records/a%20b_c",
            'key_value_store("s").get_record("a b_c")',
            'keyValueStore("s").getRecord("a b_c")',
        ),
        (
            "GET /v2/actor-runs/r/dataset/items?skipEmpty=1&fields=a,b",
            'run("r").dataset().list_items(skip_empty=True, fields="a,b")',
            'run("r").dataset().listItems({ skipEmpty: true, fields: "a,b" })',
        ),
        ("GET /v2/users/me/usage/monthly", "user().monthly_usage()", "user().monthlyUsage()"),
        ("GET /v2/odd/path", "no method for GET /v2/odd/path", "no method for GET /v2/odd/path"),
    ],
)
def test_it_speaks_as_the_clients_do(call: str, python: str, javascript: str) -> None:
    (snippet,) = read([call])
    assert python in snippet.python(BASE_URL)
    assert javascript in snippet.javascript(BASE_URL)


@pytest.mark.parametrize(
    ("call", "curl", "python", "javascript"),
    [
        (
            "POST /v2/acts/a/runs",
            "-d '{}'",
            'actor("a").start(run_input={})',
            'actor("a").start({})',
        ),
        (
            "POST /v2/actor-tasks/t/runs",
            "Content-Type: application/json",
            'task("t").start(task_input={})',
            'task("t").start({})',
        ),
        (
            "POST /v2/acts",
            """-d '{"name": "my-actor"}'""",
            'actors().create(name="my-actor")',
            'actors().create({ name: "my-actor" })',
        ),
        (
            "POST /v2/datasets/d/items",
            """-d '[{"a": 1}]'""",
            'dataset("d").push_items([{"a": 1}])',
            'dataset("d").pushItems([{ a: 1 }])',
        ),
        ("POST /v2/actor-runs/r/abort", "-X POST", 'run("r").abort()', 'run("r").abort()'),
    ],
)
def test_what_a_call_sends_is_shown(call: str, curl: str, python: str, javascript: str) -> None:
    (snippet,) = read([call])
    assert curl in snippet.curl(BASE_URL)
    assert python in snippet.python(BASE_URL)
    assert javascript in snippet.javascript(BASE_URL)


def test_examples_are_json_and_take_what_the_python_client_takes() -> None:
    from apify_client import ApifyClient

    from apps.api_calls.methods import EXAMPLES

    for pattern, (body, _, _) in EXAMPLES.items():
        json.loads(body)
        text = Snippet("POST", pattern.replace("{}", "x"), ()).python(BASE_URL)
        expression = ast.parse(text.rpartition("answer = ")[2], mode="eval").body
        assert isinstance(expression, ast.Call)
        method: object = eval(  # noqa: S307 - a text of this repository
            ast.unparse(expression.func), {"client": ApifyClient("token", api_url=BASE_URL)}
        )
        assert callable(method)
        inspect.signature(method).bind(
            *expression.args, **{each.arg or "": None for each in expression.keywords}
        )


def test_a_form_that_asks_for_nothing_shows_what_it_sends(browser: Browse) -> None:
    for url, path in (("/actors/create/", "acts"), ("/schedules/create/", "schedules")):
        assert f"{PANEL}?call=POST+%2Fv2%2F{path}" in browser("ada").get(url).content.decode()
        assert "What you can do next" in ask(browser, f"POST /v2/{path}")


def test_the_python_client_has_every_method() -> None:
    from apify_client import ApifyClient

    from apps.api_calls.methods import METHODS

    client = ApifyClient("token", api_url=BASE_URL)
    for _, _, chain in METHODS:
        *calls, last = chain.split(".")
        at: object = client
        for call in calls:
            name, _, given = call.partition("(")
            at = getattr(at, name)(*(["x"] if given != ")" else []))
        assert callable(getattr(at, last.partition("(")[0])), chain


@pytest.mark.parametrize(
    "call", ["", "GET", "GET /health/", "BREW /v2/acts", f"GET /v2/{'a' * 2000}", "<script>"]
)
def test_what_is_no_call_is_left_out(browser: Browse, call: str) -> None:
    text = ask(browser, call)
    assert "This page calls nothing" in text
    assert "<script>" not in text.partition("<main")[2]


def test_shells_and_pages_are_not_broken_out_of(browser: Browse) -> None:
    (snippet,) = read(["GET /v2/acts/'$(rm)'?q=</pre><script>"])
    assert "'\"'\"'$(rm)'\"'\"'" in snippet.curl(BASE_URL)
    assert "</pre><script>" not in ask(browser, "GET /v2/acts/x?q=</pre><script>")


def test_repetitions_are_shown_once() -> None:
    assert read(["GET /v2/acts", "GET /v2/acts"]) == [Snippet("GET", "acts", ())]


def test_only_people_with_a_seat_see_it(browser: Browse) -> None:
    assert browser("").get(PANEL).status_code == 302
    assert "workspace" in browser("eve").get(PANEL).content.decode()
