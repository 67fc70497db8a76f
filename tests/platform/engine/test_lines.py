import random
import re

from apps.platform.engine.lines import LONGEST, Lines

STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
SECRET = b"apify_api_0123456789abcdef"


class Kept:
    def __init__(self) -> None:
        self.data = b""

    def append(self, data: bytes) -> None:
        self.data += data


def written(*parts: bytes, hide: bytes = b"") -> bytes:
    """What the log holds once all `parts` came, without the moments."""
    kept = Kept()
    lines = Lines(kept)
    lines.hide = hide
    for part in parts:
        lines.feed(part)
    lines.end()
    return STAMP.sub(b"", kept.data)


def test_every_line_has_one_moment_however_it_arrives() -> None:
    text = b"one\ntwo\n\nthree \xff\xc5\xbe\nfour\n"
    for seed in range(50):
        dice = random.Random(seed)
        cuts = sorted(dice.randrange(len(text)) for _ in range(dice.randrange(6)))
        kept = Kept()
        lines = Lines(kept)
        for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            lines.feed(text[begin:end])
            if dice.random() < 0.5:
                lines.flush()
        lines.end()
        assert STAMP.sub(b"", kept.data) == text
        assert all(len(STAMP.findall(line)) == 1 for line in kept.data.splitlines())


def test_the_last_line_ends_even_when_the_actor_does_not_end_it() -> None:
    assert written(b"no newline") == b"no newline\n"
    assert written() == b""


def test_f17_one_endless_line_is_passed_on_in_parts() -> None:
    kept = Kept()
    lines = Lines(kept)
    for number in range(1, 65):
        lines.feed(b"z" * 10_000)
        assert len(kept.data) >= number * 10_000 - LONGEST
    lines.end()
    assert STAMP.sub(b"", kept.data) == b"z" * 640_000 + b"\n"
    assert len(STAMP.findall(kept.data)) == 1


def test_the_platforms_own_line_is_never_inside_one_of_the_actor() -> None:
    kept = Kept()
    lines = Lines(kept)
    lines.feed(b"half")
    lines.flush()
    lines.say("ACTOR: stop")
    lines.feed(b"next\n")
    lines.end()
    assert STAMP.sub(b"", kept.data) == b"half\nACTOR: stop\nnext\n"


def test_a_secret_never_shows_however_it_is_cut() -> None:
    text = b"the token is " + SECRET + b", twice " + SECRET
    for cut in range(len(text)):
        kept = Kept()
        lines = Lines(kept)
        lines.hide = SECRET
        lines.feed(text[:cut])
        lines.flush()
        assert SECRET not in kept.data
        lines.feed(text[cut:])
        lines.flush()
        lines.end()
        assert STAMP.sub(b"", kept.data) == b"the token is ***, twice ***\n"


def test_what_only_looks_like_a_secret_is_shown() -> None:
    assert written(SECRET[:-1], b"\n", hide=SECRET) == SECRET[:-1] + b"\n"
