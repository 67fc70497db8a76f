from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from console.api.decode import Mismatch, decode
from console.api.models.base import Count, Data, Id, Listing, Model, Page


class Inner(Model, frozen=True):
    figure: float | None = None


class Thing(Model, frozen=True):
    id: Id
    name: str = ""
    size: Count = 0
    made_at: datetime | None = None
    inner: Inner = Inner()
    other: Inner | None = None
    tags: list[str] | None = None
    prices: dict[str, float] = {}
    anything: dict[str, Any] | None = None


def thing(**changes: Any) -> Thing:
    return decode(msgspec.json.encode({"id": "a1", **changes}), Thing)


def test_it_reads_what_is_as_described() -> None:
    read = thing(name="x", size=3, madeAt="2019-07-08T11:27:57.401Z", inner={"figure": 1.5})
    assert (read.name, read.size, read.inner.figure) == ("x", 3, 1.5)
    assert read.made_at == datetime(2019, 7, 8, 11, 27, 57, 401000, tzinfo=UTC)


def test_it_ignores_unknown_keys_and_fills_in_what_is_missing() -> None:
    assert thing(surprise=[1]) == Thing(id="a1")


@pytest.mark.parametrize(
    ("field", "wrong", "name", "default"),
    [
        ("name", 7, "name", ""),
        ("name", None, "name", ""),
        ("size", "many", "size", 0),
        ("size", -1, "size", 0),
        ("size", 1.5, "size", 0),
        ("size", 2**70, "size", 0),
        ("madeAt", "soon", "made_at", None),
        ("madeAt", 12, "made_at", None),
        ("madeAt", "10000-01-01T00:00:00Z", "made_at", None),
        ("inner", None, "inner", Inner()),
        ("inner", [], "inner", Inner()),
        ("inner", {"figure": "x"}, "inner", Inner()),
        ("other", 3, "other", None),
        ("other", {"figure": {}}, "other", Inner()),
        ("tags", "a", "tags", None),
        ("tags", ["a", 1, None, "b"], "tags", ["a", "b"]),
        ("prices", {"a": "free", "b": 2}, "prices", {"b": 2.0}),
        ("prices", 1, "prices", {}),
        ("anything", "x", "anything", None),
    ],
)
def test_a_wrong_field_degrades_to_its_default(
    field: str, wrong: object, name: str, default: object
) -> None:
    read = thing(**{field: wrong, "tags": ["kept"], **{field: wrong}})
    assert getattr(read, name) == default
    assert read.id == "a1"
    if field != "tags":
        assert read.tags == ["kept"]


@pytest.mark.parametrize("wrong", [{}, {"id": None}, {"id": ""}, {"id": "a/b"}, {"id": 1}, [], 3])
def test_a_thing_without_an_id_is_unreadable(wrong: object) -> None:
    with pytest.raises(Mismatch):
        decode(msgspec.json.encode(wrong), Thing)


def test_a_list_leaves_out_what_has_no_id() -> None:
    content = b'{"data": {"total": 3, "items": [{"id": "a"}, {"id": null}, 7, {"id": "b"}]}}'
    read = decode(content, Data[Page[Thing]]).data
    assert [each.id for each in read.items] == ["a", "b"]
    assert read.total == 3


def test_a_list_that_is_none_is_empty() -> None:
    assert decode(b'{"data": {"items": {}}}', Data[Listing[Thing]]).data.items == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"{",
        b"[" * 100_000,
        b'{"data": NaN}',
        b"\xff\xfe",
        b'{"data": {"id": "\xff"}}',
        b'{"data": {"id": "\\ud800"}}',
        b'{"data": ' + b"9" * 5000 + b"}",
        b'{"nothing": 1}',
    ],
)
def test_what_is_no_answer_is_a_mismatch(content: bytes) -> None:
    with pytest.raises(Mismatch):
        decode(content, Data[Thing])


def test_a_deep_field_that_is_ignored_does_not_cost_the_page() -> None:
    deep = b"[" * 500 + b"]" * 500
    assert decode(b'{"id": "a", "x": ' + deep + b"}", Thing).id == "a"
