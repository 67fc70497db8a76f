"""Pages of webhooks and dispatches, told by the tests of those pages."""

from collections.abc import Callable

from tests.apps.webhooks.made import HOOKS, PAGE, SENT, tell
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, page


def none_yet(api: FakeApi) -> None:
    api.data("GET", HOOKS, page([]))
    api.data("GET", "/v2/acts", page([]))


HOOK_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "actor integrations": ("olga", f"/actors/{ACTOR_ID}/integrations/", tell),
    "webhooks": ("olga", "/webhooks/", tell),
    "no webhooks": ("olga", "/webhooks/", none_yet),
    "new webhook": ("olga", f"/webhooks/new/?actor={ACTOR_ID}", tell),
    "webhook": ("olga", PAGE, tell),
    "facts of a webhook": ("vera", PAGE, tell),
    "dispatches of a webhook": ("vera", f"{PAGE}dispatches/", tell),
    "dispatches": ("vera", "/webhooks/dispatches/", tell),
    "webhooks of a run": ("olga", f"/webhooks/runs/{RUN_ID}/", tell),
    "dispatch": ("olga", SENT, tell),
}
