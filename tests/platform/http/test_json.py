import json as stdlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.domain.errors import ApiError
from apps.platform.http import json

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(values, max_size=6))
def test_elements_are_the_bytes_that_came_in(elements: list[Any]) -> None:
    texts = [stdlib.dumps(element).encode() for element in elements]
    assert json.split(b"[ " + b" ,\n".join(texts) + b" ]") == texts


@given(values)
def test_what_is_encoded_is_decoded(value: Any) -> None:
    assert json.decode(json.encode(value)) == value


@given(st.text(st.sampled_from('\\u0"\0'), max_size=12))
def test_a_nul_is_told_from_the_text_of_one(text: str) -> None:
    assert json.holds_nul(stdlib.dumps({"a": text}).encode()) == ("\0" in text)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_a_bad_request(body: bytes) -> None:
    assert {status_of(read, body) for read in (json.decode, json.split)} <= {200, 400}


def status_of(read: Callable[[bytes], Any], body: bytes) -> int:
    try:
        read(body)
    except ApiError as problem:
        return problem.status
    return 200


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_a_hundred_levels_are_the_most() -> None:
    json.check(nested(100))
    json.split(b"[" + nested(100) + b"]")
    for read, depth in ((json.decode, 101), (json.split, 102), (json.split, 100_000)):
        with pytest.raises(ApiError):
            read(nested(depth))


@pytest.mark.parametrize(
    "text", ["[" * 500, "1" * 5000, "9e999", '\\" ]' + "{" * 500, "\\\\", '\\\\\\" {'], ids=len
)
def test_what_stands_in_a_string_is_let_be(text: str) -> None:
    quoted = stdlib.dumps(text).encode()
    json.check(quoted)
    assert json.split(b"[" + quoted + b"]") == [quoted]


@pytest.mark.parametrize(
    "body",
    [b"[1e999]", b"[-1e400]", b"[" + b"7" * 1000 + b"]", b'["\xff"]', b"[NaN]", b'["\\udc00"]'],
)
def test_what_no_reader_could_take_is_refused(body: bytes) -> None:
    for read in (json.decode, json.split):
        with pytest.raises(ApiError):
            read(body)
