"""Rule 262 and F-17: the trailing characters of a log, by addresses that never change."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzz
from hypothesis import strategies as st

from apps.platform.storage import logs

ID = "abcdefghijklmnopq"


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = tmp_path
    settings.PLATFORM_LOG_MAX_CHARS = 1000
    return tmp_path


def whole(log_id: str) -> bytes:
    return b"".join(logs.read(log_id, logs.first(log_id), logs.size(log_id)))


def test_what_is_appended_can_be_read_at_once(home: Path) -> None:
    writer = logs.LogWriter(ID)
    writer.append(b"one\n")
    assert whole(ID) == b"one\n"
    writer.append("žluť".encode())
    assert logs.size(ID) == 4 + len("žluť".encode())
    writer.close()


def test_a_second_writer_goes_on_where_the_first_ended(home: Path) -> None:
    for text in (b"one\n", b"two\n"):
        writer = logs.LogWriter(ID)
        writer.append(text)
        writer.close()
    assert whole(ID) == b"one\ntwo\n"


def test_rule_262_five_million_are_kept(settings: Any) -> None:
    assert settings.PLATFORM_LOG_MAX_CHARS == 5_000_000


@pytest.mark.parametrize("text", ["a", "é", "€", "😀", "a€"])
def test_rule_262_exactly_the_trailing_characters_are_kept(home: Path, text: str) -> None:
    everything = text * 3000
    writer = logs.LogWriter(ID)
    data = everything.encode()
    for begin in range(0, len(data), 777):
        writer.append(data[begin : begin + 777])
    writer.close()
    assert whole(ID).decode() == everything[-1000:]


def test_f17_old_segments_leave_the_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SEGMENT", 500)
    writer = logs.LogWriter(ID)
    for number in range(1000):
        writer.append(f"{number:09d}\n".encode())
    writer.close()
    kept = sum(path.stat().st_size for path in home.rglob(ID + "/*"))
    assert 1000 <= kept <= 2000
    assert logs.size(ID) == 10_000
    assert whole(ID).endswith(b"000000999\n")
    assert len(whole(ID)) == 1000


def test_an_address_means_the_same_byte_after_trimming(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "SEGMENT", 500)
    writer = logs.LogWriter(ID)
    everything = b"".join(f"{number:09d}\n".encode() for number in range(500))
    for begin in range(0, len(everything), 10):
        writer.append(everything[begin : begin + 10])
    writer.close()
    assert b"".join(logs.read(ID, 4800, 4900)) == everything[4800:4900]
    assert b"".join(logs.read(ID, 0, 50)) == b""


def test_a_log_that_is_not_there_is_empty(home: Path) -> None:
    assert (logs.first("none"), logs.size("none"), whole("none")) == (0, 0, b"")
    logs.delete("none")


@fuzz(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=400), max_size=20))
def test_any_bytes_can_be_logged(home: Path, parts: list[bytes]) -> None:
    logs.delete(ID)
    writer = logs.LogWriter(ID)
    for part in parts:
        writer.append(part)
    writer.close()
    everything = b"".join(parts)
    assert everything.endswith(whole(ID))
    assert logs.size(ID) == len(everything)
