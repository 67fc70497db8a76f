"""The 429 rule of the reference (L195-202) and what else is tried again."""

import random

import pytest

from console.api.errors import ApiError, Limited, Refused, TooSlow, Truncated, Unreachable
from console.api.tries import DELAY, Tries

LIMITED = Limited("GET /v2/x", tries=1, retry_in=1)
GONE = Unreachable("GET /v2/x", host="api.test", cause="it refuses connections")
CUT = Truncated("GET /v2/x", answered=False)


def tries(method: str = "GET", *, deadline: float = 1e9, seed: int = 0) -> Tries:
    uniform = random.Random(seed).uniform
    return Tries(method, deadline=deadline, now=lambda: 0.0, uniform=uniform)


@pytest.mark.parametrize("seed", range(200))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rule_58_waits_lie_between_delay_and_twice_it_and_double(method: str, seed: int) -> None:
    these = tries(method, seed=seed)
    for delay in (DELAY, 2 * DELAY, 4 * DELAY):
        assert delay <= these.wait_after(LIMITED) <= 2 * delay
    with pytest.raises(Limited) as raised:
        these.wait_after(LIMITED)
    assert raised.value.tries == 4
    assert raised.value.retry_in >= 8 * DELAY
    assert not raised.value.maybe_done


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    with pytest.raises(Limited) as raised:
        tries(deadline=0.4).wait_after(LIMITED)
    assert raised.value.tries == 1
    assert "Try again in 1 seconds" in raised.value.advice


@pytest.mark.parametrize("error", [GONE, CUT])
def test_get_is_sent_again_once_when_the_connection_failed(error: ApiError) -> None:
    these = tries()
    assert these.wait_after(error) > 0
    with pytest.raises(type(error)):
        these.wait_after(error)


def test_get_is_not_sent_again_once_the_answer_has_begun() -> None:
    with pytest.raises(Truncated):
        tries().wait_after(Truncated("GET /v2/x"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("error", [GONE, CUT])
def test_what_changes_things_is_never_sent_again(method: str, error: ApiError) -> None:
    with pytest.raises(type(error)):
        tries(method).wait_after(error)


@pytest.mark.parametrize(
    "error",
    [
        TooSlow("GET /v2/x", seconds=10),
        Refused("GET /v2/x", status=500, kind="internal-error", message="Oops"),
    ],
)
def test_other_errors_are_final(error: ApiError) -> None:
    with pytest.raises(type(error)):
        tries().wait_after(error)
