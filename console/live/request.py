"""A request to the asynchronous side, after the door."""

from collections.abc import Mapping
from typing import NamedTuple

from django.http import QueryDict

from console.http import AsyncApi
from console.live.door import Visitor
from console.live.files import Receive, Send


class StreamRequest(NamedTuple):
    """`ids` are the variable parts of the address, `headers` in lower case."""

    visitor: Visitor
    api: AsyncApi
    query: QueryDict
    headers: Mapping[str, str]
    ids: tuple[str, ...]
    receive: Receive
    send: Send
