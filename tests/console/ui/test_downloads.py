import pytest

from console.ui.downloads import attachment, file_name, untrusted

NAMES = [
    "a\r\nSet-Cookie: x=1", 'say "so".csv', "../../etc/passwd", "..", "", " ", "řeka.csv", "a/b\\c",
    "x" * 5000, "a;filename=evil.exe", "\x00", "con\x1b[31m", "😀", "a\u202egpj.exe", "%0d%0a", "'",
    "a\tb", ".htaccess", "name.", "a\u2028b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_a_header_or_leaves_its_folder(name: str) -> None:
    made = file_name(name, extension=".csv")
    header = attachment(made, "text/csv")["Content-Disposition"]
    assert made.endswith(".csv")
    assert len(made) <= 124
    assert not set(made) & set('/\\"\r\n\t\x00\x1b:;\u202e\u2028')
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert header.isprintable()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_taken_as_it_is_stays_inside_its_header(name: str) -> None:
    headers = untrusted(name, "image/png", save=True)
    assert all(value.isprintable() for value in headers.values())


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/pdf", "text/xml", ""])
def test_what_can_run_is_saved_and_never_shown(kind: str) -> None:
    headers = untrusted("a", kind, save=False)
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", ["image/png", "text/plain; charset=utf-8", "application/json"])
def test_harmless_types_are_shown(kind: str) -> None:
    assert not untrusted("a", kind, save=False)["Content-Disposition"].startswith("attachment")
    assert untrusted("a", kind, save=True)["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "kind", ["text/html\r\nX: y", "a" * 900, "image/png\n", "text/plain; x=<b>", "image", "ř/ř"]
)
def test_a_type_that_is_none_becomes_bytes(kind: str) -> None:
    headers = untrusted("a", kind, save=False)
    assert headers["Content-Type"] == "application/octet-stream"
