"""What all open pages of one person are told: something they started or follow has changed.

The message is only a hint, the event `change-of-work`, on which the bell and the page of operations
ask for their rows. It travels beside whatever else a page's one stream carries.
"""

import time
from functools import partial as bind
from typing import Any

from console.live import channel
from console.live.door import Visitor
from console.live.feed import Feed, View
from console.live.hub import hub
from console.live.sse import event


def work_feed(visitor: Visitor) -> Feed:
    key = ("work", visitor.workspace.id, visitor.user_id)
    return hub.feed(key, bind(_begin, visitor))


def _begin(visitor: Visitor, feed: Feed) -> None:
    """Begins with a hint: what changed while nobody looked on was told to no one."""
    _changed(feed)

    def heard(told: dict[str, Any]) -> None:
        if visitor.user_id in told.get("users", ()):
            _changed(feed)

    feed.spawn(channel.hear(visitor.workspace.id, heard))


def _changed(feed: Feed) -> None:
    moment = int(time.time() * 1000)
    feed.put("work", moment, bind(_hint, moment))


def _hint(moment: int, view: View) -> str:
    """Not for pages that were made later; pages with a stream of their own do not say when."""
    made = int(view.shown) if view.shown.isdecimal() else 0
    return event("change-of-work") if moment > made else ""
