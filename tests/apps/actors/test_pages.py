import json
from typing import Any

import pytest

from apps.actors.readme import to_html
from tests.conftest import Browse
from tests.console.forms.browser import submitted
from tests.fakes import ACTOR_ID, BUILD_ID, RUN_ID, FakeApi, actor_json, build_json, page, run_json

PAGE = f"/actors/{ACTOR_ID}/"
START = f"{PAGE}start/"
RUNS = f"/v2/acts/{ACTOR_ID}/runs"
SCHEMA = {
    "title": "T",
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"title": "Name", "type": "string", "editor": "textfield", "prefill": "Ada"},
        "most": {"title": "Most", "type": "integer", "maximum": 9, "default": 3},
    },
}


def tell(fake_api: FakeApi, schema: Any = SCHEMA, readme: str = "", **changes: Any) -> None:
    tagged = {"latest": {"buildId": BUILD_ID, "buildNumber": "0.0.1"}}
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json(taggedBuilds=tagged, **changes))
    text = schema if isinstance(schema, str) else json.dumps(schema)
    build = build_json(inputSchema=text, readme=readme, actorDefinition=None)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build)
    fake_api.data("GET", RUNS, page([]))
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/builds", page([build_json()]))
    fake_api.data("POST", RUNS, run_json(status="READY"))


def html(browser: Browse, url: str, name: str = "luke") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(browser: Browse, url: str = PAGE) -> dict[str, str]:
    """What a browser would send for the page's form."""
    text = html(browser, url).split('<form class="split"')[1].split("</form>")[0]
    return {name: str(value) for name, value in submitted(text).items() if name != "action"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["alpha", "beta", "gone-by"]),
        ("?q=ALP", ["alpha"]),
        ("?status=FAILED", ["beta"]),
        ("?status=none", ["gone-by"]),
        ("?sort=run", ["beta", "alpha", "gone-by"]),
        ("?sort=modified&my=1", ["gone-by", "alpha", "beta"]),
        ("?q=nothing", []),
    ],
)
def test_the_list_is_filtered_and_sorted(
    browser: Browse, fake_api: FakeApi, query: str, names: list[str]
) -> None:
    actors = [
        actor_json(id="a1", name="alpha", title=None, modifiedAt="2026-02-01T00:00:00Z"),
        actor_json(id="a2", name="beta", title=None, modifiedAt="2026-01-01T00:00:00Z"),
        actor_json(id="a3", name="gone-by", title=None, modifiedAt="2026-03-01T00:00:00Z"),
    ]
    fake_api.data("GET", "/v2/acts", page(actors))
    newest = run_json(actId="a2", status="FAILED", startedAt="2026-05-02T00:00:00Z")
    older = [run_json(actId=each, startedAt="2026-05-01T00:00:00Z") for each in ("a1", "a2")]
    fake_api.data("GET", "/v2/actor-runs", page([newest, *older]))
    shown = html(browser, f"/actors/{query}")
    places = {name: shown.find(f"jane35/{name}") for name in ("alpha", "beta", "gone-by")}
    assert [name for name in sorted(places, key=places.__getitem__) if places[name] > 0] == names
    assert fake_api.calls[0].query.get("my") == ("1" if "my=1" in query else None)
    assert len(fake_api.calls) == 2


@pytest.mark.parametrize("tab", ["", "information/", "runs/", "builds/", "source/", "settings/"])
def test_every_tab_has_the_tabs(browser: Browse, fake_api: FakeApi, tab: str) -> None:
    tell(fake_api, title="<b>T</b>")
    shown = html(browser, PAGE + tab, "vera")
    for label in ("Input", "Information", "Runs", "Builds", "Source", "Settings"):
        assert f">{label}" in shown
    assert "<b>T</b>" not in shown


def test_who_may_start_is_led_to_the_form(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Crawler")]))
    fake_api.data("GET", "/v2/actor-runs", page([]))
    link = f'href="{PAGE}" title="Fill in the form of Crawler"'
    assert link in html(browser, "/actors/", "luke")
    assert link not in html(browser, "/actors/", "vera")


def test_a_viewer_sees_no_start(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert "data-submit" not in html(browser, PAGE, "vera")
    assert "data-submit" in html(browser, PAGE, "luke")


def test_start_sends_the_form_as_json(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-most": "5", "memory": "512", "timeout": "60", "build": "latest"}
    answer = browser("luke").post(START, data)
    assert (answer.status_code, answer["Location"]) == (303, f"/runs/{RUN_ID}/")
    [call] = fake_api.made("POST", RUNS)
    assert call.json() == {"name": "Ada", "most": 5}
    assert call.query == {"build": "latest", "timeout": "60", "memory": "512"}
    assert call.headers["content-type"] == "application/json"


def test_f19_the_same_form_twice_is_one_run(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser)
    places = [browser("luke").post(START, data)["Location"] for _ in range(3)]
    assert places == [f"/runs/{RUN_ID}/"] * 3
    assert len(fake_api.made("POST", RUNS)) == 1


def test_start_refuses_get_and_viewers(browser: Browse, fake_api: FakeApi) -> None:
    assert browser("luke").get(START).status_code == 405
    assert browser("vera").post(START, {}).status_code == 403
    assert not fake_api.calls


def test_start_of_an_actor_that_is_gone(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", f"/v2/acts/{ACTOR_ID}", 404, "record-not-found", "Actor was not found")
    assert browser("luke").post(START, {}).status_code == 404


def test_what_is_wrong_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-most": "99", "in-name": "Typed"}
    answer = browser("luke").post(START, data)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Use 9 or less." in shown
    assert 'value="Typed"' in shown
    assert 'value="99"' in shown
    assert not fake_api.made("POST", RUNS)


def test_what_the_api_refuses_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.error("POST", RUNS, 402, "actor-memory-limit-exceeded", "Too much memory")
    data = form_of(browser) | {"in-name": "Typed"}
    # the first answer that was told stays first, so that this one is asked of a fresh fake
    fake_api._replies[("POST", RUNS)].pop(0)
    answer = browser("luke").post(START, data)
    assert answer.status_code == 422
    assert "Too much memory" in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


def test_json_and_back_loses_nothing(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-name": "Changed"}
    shown = browser("luke").post(START, {**data, "action": "json"}).content.decode()
    json_form = submitted(shown.split('<form class="split"')[1].split("</form>")[0]).dict()
    assert json.loads(str(json_form["json"])) == {"name": "Changed", "most": 3}
    json_form["json"] = '{"name": "Again", "unknown": [1.0, null]}'
    json_form["action"] = "form"
    form = browser("luke").post(START, json_form).content.decode()
    assert 'value="Again"' in form
    final = submitted(form.split('<form class="split"')[1].split("</form>")[0]).dict()
    browser("luke").post(START, {**final, "action": "start"})
    sent = fake_api.made("POST", RUNS)[0].body
    assert json.loads(sent) == {"name": "Again", "unknown": [1.0, None]}


def test_json_shows_what_the_form_refuses(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-most": "99", "in-name": "Typed", "action": "json"}
    answer = browser("luke").post(START, data)
    assert answer.status_code == 200
    shown = answer.content.decode().split('<form class="split"')[1].split("</form>")[0]
    assert json.loads(str(submitted(shown)["json"])) == {"name": "Typed", "most": 99}


def test_what_cannot_be_read_stays_in_the_form(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = form_of(browser) | {"in-most": "many", "in-name": "Typed", "action": "json"}
    answer = browser("luke").post(START, data)
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()


def test_invalid_json_keeps_the_text(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {"view": "json", "json": '{"name": }', "was": "{}", "intent": "k"}
    answer = browser("luke").post(START, data)
    assert answer.status_code == 422
    assert "line 1, column 10" in answer.content.decode()
    assert "{&quot;name&quot;: }" in answer.content.decode()


def test_an_earlier_run_fills_the_form(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json())
    record = f"/v2/actor-runs/{RUN_ID}/key-value-store/records/INPUT"
    fake_api.raw("GET", record, b'{"name": "Earlier", "extra": 1}')
    data = form_of(browser, f"{PAGE}?run={RUN_ID}")
    assert data["in-name"] == "Earlier"
    browser("luke").post(START, data)
    assert fake_api.made("POST", RUNS)[0].json() == {"name": "Earlier", "extra": 1}


def test_an_earlier_run_without_input_leaves_the_form(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json())
    record = f"/v2/actor-runs/{RUN_ID}/key-value-store/records/INPUT"
    fake_api.error("GET", record, 404, "record-not-found")
    shown = html(browser, f"{PAGE}?run={RUN_ID}")
    assert "That run has no input, or its key-value store is gone." in shown
    assert 'name="in-name"' in shown


@pytest.mark.parametrize("schema", ["", "null", "[]", "{", '{"properties": 3}', '"x"'])
def test_a_malformed_schema_leaves_json(browser: Browse, fake_api: FakeApi, schema: str) -> None:
    tell(fake_api, schema)
    assert "Input as JSON" in html(browser, PAGE)


def test_before_any_build_the_page_leads_to_them(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    for address, answer in (("", actor_json(taggedBuilds={})), ("/builds", page([]))):
        fake_api.forget("GET", f"/v2/acts/{ACTOR_ID}{address}")
        fake_api.data("GET", f"/v2/acts/{ACTOR_ID}{address}", answer)
    note = html(browser, PAGE).split("This Actor has no build yet.")[1].split("</div>")[0]
    assert f'href="{PAGE}builds/"' in note


def test_before_the_first_build_the_coming_one_makes_the_form(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api)
    fake_api._replies[("GET", f"/v2/acts/{ACTOR_ID}")].clear()
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json(taggedBuilds={}))
    shown = html(browser, PAGE)
    assert 'name="in-name"' in shown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        '<a href="x" onclick="alert(1)" hx-get="/">b</a>',
        '<p style="position:fixed">c</p>',
        "<iframe src=x></iframe><form action=/><input></form>",
        "![a](http://tracker.example/x.png)",
        "<svg onload=alert(1)>",
    ],
)
def test_a_readme_can_do_nothing(text: str) -> None:
    made = to_html(text).lower()
    for word in ("<script", "<img", "onerror", "onclick", "hx-", "style=", "<iframe", "<form"):
        assert word not in made
    assert "javascript:" not in made or "href" not in made
    assert "<svg" not in made


def test_headings_of_a_readme_begin_below_the_pages() -> None:
    assert to_html("# One") == "<h2>One</h2>\n"


def test_the_information_tab_shows_the_example_input(browser: Browse, fake_api: FakeApi) -> None:
    example = {"body": '{"say":"<b>hello</b>"}', "contentType": "application/json"}
    tell(fake_api, SCHEMA, exampleRunInput=example)
    shown = html(browser, f"{PAGE}information/", "vera")
    assert "Example input" in shown
    assert "&lt;b&gt;hello" in shown


def test_who_reads_about_an_actor_can_go_on_to_start_it(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, SCHEMA)
    start = f'data-kind="primary" href="{PAGE}"'
    assert start in html(browser, f"{PAGE}information/", "luke")
    assert start not in html(browser, f"{PAGE}information/", "vera")


def test_the_address_that_programs_print_leads_to_the_run(browser: Browse) -> None:
    answer = browser("vera").get(f"/actors/{ACTOR_ID}/runs/{RUN_ID}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/runs/{RUN_ID}/")
    assert browser("vera").get(f"/actors/{ACTOR_ID}/runs/{RUN_ID}").status_code == 301


def test_its_runs_are_filtered_by_status(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, SCHEMA)
    shown = html(browser, f"{PAGE}runs/?status=FAILED", "vera")
    assert fake_api.made("GET", RUNS)[0].query["status"] == "FAILED"
    assert "No run has this status" in shown
    assert f'href="/runs/?actor={ACTOR_ID}"' in shown
    html(browser, f"{PAGE}runs/?status=nothing", "vera")
    assert "status" not in fake_api.made("GET", RUNS)[1].query
