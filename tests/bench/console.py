"""A signed-in person's requests to the Console of a running stack."""

import re

import httpx

from tests.stack import Stack


def signed_in(stack: Stack) -> httpx.Client:
    """Follows the link that `up` printed, as a browser would."""
    client = httpx.Client(
        base_url=stack.console_url, trust_env=False, timeout=60, follow_redirects=True
    )
    page = client.get(stack.sign_in_url)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    if 'data-kind="primary"' in page.text and token and "/sign-in/" in str(page.url):
        client.post(stack.sign_in_url, data={"csrfmiddlewaretoken": token[1]})
    return client
