from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack import Stack, running


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One Callboard for all faults: each leaves it working, which the next one shows."""
    home: Path = tmp_path_factory.mktemp("faults") / "home"
    with running(home) as started:
        yield started
