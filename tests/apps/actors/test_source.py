"""The files of a version: shown, written, made, renamed, deleted, uploaded, built."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.actors.test_pages import PAGE, html
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BUILD_ID, FakeApi, actor_json, build_json, page, run_json
from tests.fakes import version_json as version

API = f"/v2/acts/{ACTOR_ID}"
VERSION = f"{API}/versions/0.1"
SOURCE = f"{PAGE}source/"
FILES: list[dict[str, Any]] = [
    {"name": "main.py", "format": "TEXT", "content": "print('<b>')\nprint(2)\n"},
    {"name": "src/a/deep.js", "format": "TEXT", "content": "// deep"},
    {"name": "data.bin", "format": "BASE64", "content": "/w=="},
    {"name": "empty", "folder": True},
]
OPEN = {"version": "0.1", "file": "main.py"}


def tell(fake_api: FakeApi, files: list[dict[str, Any]] = FILES, **changes: Any) -> None:
    source = version(sourceFiles=files, **changes)
    fake_api.data("GET", API, actor_json(versions=[version(versionNumber="0.0"), source]))
    fake_api.data("PUT", VERSION, source)
    fake_api.data("GET", f"{API}/builds", page([build_json()]))
    fake_api.data("GET", f"{API}/runs", page([run_json()]))
    fake_api.raw("GET", f"/v2/logs/{BUILD_ID}", b"2026-01-01T00:00:00.000Z built it\n")
    fake_api.data("POST", f"{API}/builds", build_json(status="READY"), status=201)


def since(browser: Browse, query: str = "?file=main.py") -> str:
    text = html(browser, SOURCE + query, "ada")
    return text.split('name="edited_from" value="')[1].split('"')[0]


def sent(fake_api: FakeApi) -> dict[str, Any]:
    """The files that were stored last, by name."""
    body = fake_api.made("PUT", VERSION)[-1].json()
    assert body["sourceType"] == "SOURCE_FILES"
    return {each["name"]: each.get("content") for each in body["sourceFiles"]}


def test_the_tree_and_the_editor(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{SOURCE}?file=main.py", "ada")
    for name in ("deep.js", "data.bin", "empty", "src"):
        assert f'<span class="clip">{name}</span>' in shown
    assert "\nprint(&#x27;&lt;b&gt;&#x27;)\nprint(2)\n</textarea>" in shown
    assert shown.split('class="lined"')[1].split("</ol>")[0].count("<li>") == 3
    assert len(fake_api.calls) == 1


def test_a_viewer_reads_only(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{SOURCE}?file=main.py", "vera")
    assert "readonly" in shown.split("<textarea")[1].split(">")[0]
    for word in (">Save<", "Rename", "Delete", "New version", "Upload"):
        assert word not in shown


@pytest.mark.parametrize(
    ("path", "said"), [("data.bin", "This file is not text"), ("src/a", "A folder.")]
)
def test_what_is_no_text_is_not_edited(
    browser: Browse, fake_api: FakeApi, path: str, said: str
) -> None:
    tell(fake_api)
    shown = html(browser, f"{SOURCE}?file={path}", "ada")
    assert said in shown
    assert "<textarea" not in shown


def test_the_source_of_somebody_else_is_not_shown(browser: Browse, fake_api: FakeApi) -> None:
    foreign = {"versionNumber": "0.1", "sourceType": "SOURCE_FILES", "buildTag": "latest"}
    fake_api.data("GET", API, actor_json(versions=[foreign]))
    for part in ("", "setup/", "variables/"):
        shown = html(browser, SOURCE + part, "ada")
        assert "not shown" in shown
        assert 'name="clean"' not in shown


def test_save_sends_all_files_with_the_one_changed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**OPEN, "edited_from": since(browser), "content": "a\r\nb\r\n"}
    answer = browser("ada").post(f"{SOURCE}save/", data)
    assert answer["Location"] == f"{SOURCE}?version=0.1&file=main.py"
    assert sent(fake_api) == {
        "main.py": "a\nb\n",
        "src/a/deep.js": "// deep",
        "data.bin": "/w==",
        "empty": None,
    }


def test_carriage_returns_of_a_file_stay(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"name": "main.py", "format": "TEXT", "content": "a\r\nb\r\n"}])
    data = {**OPEN, "edited_from": since(browser), "content": "a\r\nc\r\n"}
    browser("ada").post(f"{SOURCE}save/", data)
    assert sent(fake_api) == {"main.py": "a\r\nc\r\n"}
    browser("ada").post(f"{SOURCE}save/", {**data, "content": "a\r\nb\r\n"})
    assert len(fake_api.made("PUT", VERSION)) == 1  # nothing was changed


def test_two_who_edit_a_file_see_both_texts(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**OPEN, "edited_from": since(browser), "content": "mine"}
    fake_api.forget("GET", API)
    tell(fake_api, [{"name": "main.py", "format": "TEXT", "content": "theirs"}])
    answer = browser("ada").post(f"{SOURCE}save/", data)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert 'name="content" value="mine"' in text
    assert "theirs" in text
    assert not fake_api.made("PUT", VERSION)


def test_what_cannot_be_saved_stays_in_the_editor(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("PUT", VERSION)
    fake_api.error("PUT", VERSION, 413, "request-too-large", "Too large")
    data = {**OPEN, "edited_from": since(browser), "content": "typed <b>"}
    answer = browser("ada").post(f"{SOURCE}save/", data)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "typed &lt;b&gt;" in text
    assert "Too large" in text
    assert f'value="{data["edited_from"]}"' in text


def test_save_and_build_is_one_press(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**OPEN, "edited_from": since(browser), "content": "x", "action": "build", "intent": "k"}
    answer = browser("ada").post(f"{SOURCE}save/", data)
    assert answer["Location"] == f"{SOURCE}?version=0.1&file=main.py"
    assert fake_api.made("POST", f"{API}/builds")[0].query == {"version": "0.1", "useCache": "1"}


def test_a_build_takes_beta_packages(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    sent = {"version": "0.1", "beta": "1", "intent": "k"}
    browser("ada").post(f"{PAGE}build/", sent)
    assert fake_api.made("POST", f"{API}/builds")[0].query["betaPackages"] == "1"
    assert 'name="beta" value="1"' in browser("ada").get(SOURCE).content.decode()


def test_a_clean_build_with_a_tag_stays_beside_the_source(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api)
    data = {"version": "0.1", "tag": "beta", "clean": "1", "intent": "k", "next": SOURCE}
    assert browser("olga").post(f"{PAGE}build/", data)["Location"] == SOURCE
    assert fake_api.made("POST", f"{API}/builds")[0].query == {"version": "0.1", "tag": "beta"}
    away = {**data, "intent": "j", "next": "https://elsewhere.example/"}
    assert browser("olga").post(f"{PAGE}build/", away)["Location"] == f"/builds/{BUILD_ID}/"


def test_the_last_build_and_run_stand_beside(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{SOURCE}beside/", "vera")
    assert "built it" in shown
    assert "sse:connect" not in shown
    fake_api.forget("GET", f"{API}/builds")
    fake_api.data("GET", f"{API}/builds", page([build_json(status="RUNNING", finishedAt=None)]))
    assert f"/builds/{BUILD_ID}/events/?shown=RUNNING" in html(browser, f"{SOURCE}beside/", "vera")


@pytest.mark.parametrize(
    ("action", "data", "names"),
    [
        (
            "add",
            {"name": "lib/x.py"},
            ["main.py", "src/a/deep.js", "data.bin", "empty", "lib/x.py"],
        ),
        ("add", {"name": "lib", "kind": "folder"}, [*(each["name"] for each in FILES), "lib"]),
        ("rename", {"name": "app.py"}, ["app.py", "src/a/deep.js", "data.bin", "empty"]),
        (
            "rename",
            {"file": "src", "name": "lib"},
            ["main.py", "lib/a/deep.js", "data.bin", "empty"],
        ),
        ("remove", {}, ["src/a/deep.js", "data.bin", "empty"]),
        ("remove", {"file": "src"}, ["main.py", "data.bin", "empty"]),
    ],
)
def test_files_and_folders_change(
    browser: Browse, fake_api: FakeApi, action: str, data: dict[str, str], names: list[str]
) -> None:
    tell(fake_api)
    assert browser("ada").post(f"{SOURCE}{action}/", {**OPEN, **data}).status_code == 303
    assert list(sent(fake_api)) == names


@pytest.mark.parametrize("action", ["add", "rename"])
@pytest.mark.parametrize(
    "name", ["", "../up", "/root", "a//b", "a\\b", "data.bin", "src", "data.bin/inside", "x\n.py"]
)
def test_bad_names_are_told_in_their_dialog(
    browser: Browse, fake_api: FakeApi, action: str, name: str
) -> None:
    tell(fake_api)
    answer = browser("ada").post(f"{SOURCE}{action}/", {**OPEN, "name": name})
    assert answer.status_code == 422
    dialog = "new" if action == "add" else action
    assert f'id="{dialog}" aria-labelledby="{dialog}-title" open' in answer.content.decode()
    assert not fake_api.made("PUT", VERSION)


def test_uploads_are_text_or_packed_and_replace(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    chosen = [SimpleUploadedFile("deep.js", b"new"), SimpleUploadedFile("i.png", b"\x89\xff\x00")]
    data = {**OPEN, "name": "src/a", "files": chosen}
    answer = browser("ada").post(f"{SOURCE}upload/", data)
    assert answer["Location"] == f"{SOURCE}?version=0.1&file=src%2Fa%2Fi.png"
    stored = sent(fake_api)
    assert (stored["src/a/deep.js"], stored["src/a/i.png"]) == ("new", "if8A")
    assert browser("ada").post(f"{SOURCE}upload/", OPEN).status_code == 422


ACTIONS = ("save/", "add/", "rename/", "remove/", "upload/")


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_refuse_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, action: str
) -> None:
    assert browser("ada").get(SOURCE + action).status_code == 405
    assert browser("olga").post(SOURCE + action).status_code == 403
    assert not fake_api.calls


@pytest.mark.parametrize("action", ACTIONS)
def test_a_version_that_is_gone_is_404(browser: Browse, fake_api: FakeApi, action: str) -> None:
    tell(fake_api)
    assert browser("ada").post(SOURCE + action, {**OPEN, "version": "9.9"}).status_code == 404
