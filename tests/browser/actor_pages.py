"""Pages on which Actors are made and changed, for the accessibility walk."""

from collections.abc import Callable

from tests.apps.actors import test_settings as settings
from tests.apps.actors.test_pages import PAGE
from tests.fakes import FakeApi


def none(api: FakeApi) -> None:
    """The page asks nothing."""


ACTOR_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "new actor": ("ada", "/actors/create/", none),
    "actor settings to edit": ("ada", f"{PAGE}settings/", settings.tell),
}
