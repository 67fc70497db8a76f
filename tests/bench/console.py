"""A signed-in person's requests to the Console of a running stack."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.stack import Stack


@contextmanager
def signed_in(stack: Stack) -> Iterator[httpx.Client]:
    """Follows the link that `up` printed, which works once."""
    with httpx.Client(
        base_url=stack.console_url, timeout=60, trust_env=False, follow_redirects=True
    ) as client:
        page = client.get(stack.sign_in_url)
        assert str(page.url) == f"{stack.console_url}/", page.text
        yield client
