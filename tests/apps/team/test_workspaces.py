import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.team import sealing
from apps.team.models import Membership, User, Workspace
from apps.team.setup import ensure_admin, ensure_workspace
from apps.team.workspaces import all_workspaces, as_value
from tests.conftest import Browse
from tests.fakes import TOKEN, FakeApi, me_json

KEYS = [
    "F8cPqpAf_mRYQUYQyTgV-JMH9gSMkKjQU1A3LjgN0HM=",
    "mYr4KTIfIH21JtNJTb6F1GZ3HcSi9kGL9W8ihc7RfoI=",
]
ME = "/v2/users/me"


def test_row_1_a_token_lies_encrypted(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM team_workspace")
        row = json.dumps(cursor.fetchall(), default=str)
    assert TOKEN not in row
    assert TOKEN[-4:] in row
    assert as_value(workspace).token == TOKEN


def test_row_1_a_ciphertext_of_another_row_does_not_open(workspace: Workspace) -> None:
    other = ensure_workspace("Other", "http://other.test", "secret-of-other")
    Workspace.objects.filter(pk=other.pk).update(sealed_token=workspace.sealed_token)
    with pytest.raises(sealing.Unopened):
        sealing.unseal(other.pk, workspace.sealed_token)
    assert [each.token for each in all_workspaces()] == [TOKEN, ""]


def test_keys_rotate(settings: Any) -> None:
    settings.FERNET_KEYS = KEYS[:1]
    sealed = sealing.seal(7, "t")
    settings.FERNET_KEYS = KEYS[::-1]
    again = sealing.reseal(7, sealed)
    settings.FERNET_KEYS = KEYS[1:]
    assert sealing.unseal(7, again) == "t"
    with pytest.raises(sealing.Unopened):
        sealing.unseal(7, sealed)


def test_a_moved_workspace_forgets_its_token(workspace: Workspace) -> None:
    workspace.connect(api_url="http://evil.test")
    assert as_value(workspace).token == ""


def test_setting_up_can_be_repeated(db: None) -> None:
    for _ in range(2):
        ensure_admin("root")
        ensure_workspace("Home", "http://api.test/v2", TOKEN)
    assert Membership.objects.get().role == 4
    assert Workspace.objects.get().api_url == "http://api.test"
    assert not User.objects.get().has_usable_password()


def test_a_second_admin_gets_the_workspaces_there_are(workspace: Workspace) -> None:
    ensure_admin("root")
    assert Membership.objects.filter(workspace=workspace, role=4).count() == 1


def seat_of(client: Any) -> str:
    request: Any = client.get("/workspaces/").wsgi_request
    return str(request.workspace.name)


def test_switching_is_remembered(browser: Browse, cast: dict[str, Any]) -> None:
    other = ensure_workspace("Another", "http://other.test", "t")
    Membership.objects.create(user=cast["vera"], workspace=other, role=1)
    assert seat_of(browser("vera")) == "Another"
    home = Workspace.objects.get(name="Home")
    answer = browser("vera").post("/workspaces/", {"workspace": home.pk})
    assert answer["Location"] == "/"
    assert seat_of(browser("vera")) == "Home"


@pytest.mark.parametrize("wanted", ["", "x", "-1", "99", "9" * 30])
def test_a_workspace_without_a_seat_is_not_there(browser: Browse, wanted: str) -> None:
    foreign = ensure_workspace("Foreign", "http://other.test", "t")
    for each in (wanted, str(foreign.pk)):
        assert browser("vera").post("/workspaces/", {"workspace": each}).status_code == 404


def test_the_chooser_lists_ones_own(browser: Browse) -> None:
    ensure_workspace("Foreign", "http://other.test", "t")
    content = browser("vera").get("/workspaces/").content
    assert b"Home" in content
    assert b"Foreign" not in content
    assert b"You have no workspace" in browser("eve").get("/workspaces/").content


def test_who_has_no_seat_is_told_so(browser: Browse) -> None:
    answer = browser("eve").get("/operations/")
    assert answer.status_code == 403
    assert b"You have no workspace yet" in answer.content


def command(name: str, *args: str, stdin: str = "", monkeypatch: Any = None) -> str:
    out = StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", StringIO(stdin))
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_console_user_makes_and_finds(
    workspace: Workspace, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    for role in ("viewer", "operator"):
        said = command("console_user", "nina", "--role", role)
        assert f"nina is {role} of Home." in said
    assert Membership.objects.get(user__username="nina").role == 3
    link = said.split("Sign in once with http://127.0.0.1:8000")[1].strip()
    assert client.get(link)["Location"] == "/"


def test_console_user_leads_to_where_it_is_served(
    workspace: Workspace, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    (tmp_path / "up.lock").write_text("http://127.0.0.1:8123 (process 7)")
    said = command("console_user", "nina", "--role", "viewer")
    assert "Sign in once with http://127.0.0.1:8123/sign-in/link/" in said


def test_console_user_sets_the_password(workspace: Workspace, monkeypatch: Any) -> None:
    args = ("nina", "--role", "viewer", "--password-stdin")
    said = command("console_user", *args, stdin="a good one\n", monkeypatch=monkeypatch)
    assert "Sign in once" not in said
    assert User.objects.get(username="nina").check_password("a good one")


def test_console_user_says_what_is_wrong(workspace: Workspace, monkeypatch: Any) -> None:
    with pytest.raises(CommandError, match="no password"):
        command(
            "console_user", "n", "--role", "viewer", "--password-stdin", monkeypatch=monkeypatch
        )
    with pytest.raises(CommandError, match="Known: Home"):
        command("console_user", "n", "--role", "viewer", "--workspace", "Nowhere")
    for name in ("", "a b", "<script>", "n" * 151):
        with pytest.raises(CommandError, match="cannot be a name"):
            command("console_user", name, "--role", "viewer")
    assert not User.objects.filter(username="n").exists()


def test_connect_workspace(db: None, monkeypatch: Any) -> None:
    args = ("--name", "Cloud", "--api-url", "https://api.test/v2")
    assert "it has no token yet" in command("connect_workspace", *args)
    said = command(
        "connect_workspace", *args, "--api-token-stdin", stdin=TOKEN, monkeypatch=monkeypatch
    )
    assert said == f"Cloud is connected to https://api.test; token ends in {TOKEN[-4:]}.\n"
    with pytest.raises(CommandError, match="no token"):
        command("connect_workspace", *args, "--api-token-stdin", monkeypatch=monkeypatch)
    with pytest.raises(CommandError, match="must start with"):
        command("connect_workspace", "--name", "x", "--api-url", "ftp://x")


@pytest.fixture
def by_token(settings: Any, workspace: Workspace) -> None:
    settings.SIGN_IN_BY_TOKEN = "launcher"


THEIRS = "their-token"


def sign_in(client: Client, token: str | None = None) -> Any:
    return client.post("/sign-in/token/", {"token": THEIRS if token is None else token})


@pytest.mark.usefixtures("by_token")
def test_a_token_of_the_same_account_signs_in(client: Client, fake_api: FakeApi) -> None:
    fake_api.data("GET", ME, me_json())
    assert sign_in(client)["Location"] == "/"
    assert {call.headers["authorization"] for call in fake_api.calls} == {
        "Bearer their-token",
        f"Bearer {TOKEN}",
    }
    assert Membership.objects.get().role == 2
    assert client.get("/settings/").status_code == 200


@pytest.mark.usefixtures("by_token")
def test_a_token_of_another_account_does_not(client: Client, fake_api: FakeApi) -> None:
    fake_api.data("GET", ME, me_json(id="SomeoneElse"))
    fake_api.data("GET", ME, me_json())
    answer = sign_in(client)
    assert answer.status_code == 422
    assert b"No workspace takes this token." in answer.content


@pytest.mark.usefixtures("by_token")
@pytest.mark.parametrize("token", ["", "né", "their-token"])
def test_a_refused_token_does_not(client: Client, fake_api: FakeApi, token: str) -> None:
    fake_api.error("GET", ME, 401, "token-not-valid")
    assert sign_in(client, token).status_code == 422


@pytest.mark.usefixtures("by_token")
def test_the_sixth_token_is_not_tried(client: Client, fake_api: FakeApi) -> None:
    fake_api.error("GET", ME, 401, "token-not-valid")
    for _ in range(5):
        sign_in(client)
    asked = len(fake_api.calls)
    assert sign_in(client).status_code == 429
    assert len(fake_api.calls) == asked


def test_signing_in_by_token_is_off_by_default(
    workspace: Workspace, client: Client, fake_api: FakeApi
) -> None:
    assert b"API token" not in client.get("/sign-in/").content
    assert sign_in(client).status_code == 422
    assert not fake_api.calls


def test_signing_in_by_token_refuses_get(db: None, client: Client) -> None:
    assert client.get("/sign-in/token/").status_code == 405
