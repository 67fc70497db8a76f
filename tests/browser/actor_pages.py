"""Pages on which Actors are made and changed, for the accessibility walk."""

from collections.abc import Callable
from typing import Any

from tests.apps.actors import test_monitoring as monitoring
from tests.apps.actors import test_settings as settings
from tests.apps.actors import test_source as source
from tests.apps.actors import test_versions as versions
from tests.apps.actors.test_pages import PAGE
from tests.fakes import FakeApi

CODE = '# A note\nimport os\n\n\ndef main(count=3):\n    print(f"hello {count}" * 40)\n'
FILES: list[dict[str, Any]] = [
    *source.FILES,
    {"name": "a/rather/deeply/nested/folder/with_a_very_long_name_of_a_module.py", "content": CODE},
]


def none(api: FakeApi) -> None:
    """The page asks nothing."""


def files(api: FakeApi) -> None:
    source.tell(api, FILES)


def no_files(api: FakeApi) -> None:
    source.tell(api, [])


ACTOR_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "new actor": ("ada", "/actors/create/", none),
    "actor settings to edit": ("ada", f"{PAGE}settings/", settings.tell),
    "monitoring": ("vera", monitoring.PAGE, monitoring.tell),
    "nothing to monitor": ("vera", monitoring.PAGE, monitoring.tell_nothing),
    "source to edit": ("ada", f"{source.SOURCE}?file={FILES[-1]['name']}", files),
    "source without files": ("ada", source.SOURCE, no_files),
    "source with a new file": ("ada", f"{source.SOURCE}?dialog=new", files),
    "source setup": ("ada", versions.SETUP, versions.tell),
    "source setup with a new version": (
        "ada",
        f"{versions.SETUP}?dialog=new-version",
        versions.tell,
    ),
    "variables": ("ada", versions.VARIABLES, versions.tell),
    "variables to read": ("vera", versions.VARIABLES, versions.tell),
}
