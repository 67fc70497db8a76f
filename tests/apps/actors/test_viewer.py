"""The form of an Actor for who may only look."""

from tests.apps.actors.test_pages import PAGE, html, tell
from tests.conftest import Browse
from tests.fakes import FakeApi


def test_a_viewer_meets_nothing_that_is_refused(browser: Browse, fake_api: FakeApi) -> None:
    """Form and JSON are links, and no field or button of the form can be used or sent."""
    tell(fake_api)
    main = html(browser, PAGE, "vera").partition("<main")[2]
    assert 'value="start"' not in main
    assert 'name="action" value="json"' not in main
    assert '<fieldset class="stack" disabled>' in main
    assert '<a href="?view=json"' in main
    shown = html(browser, f"{PAGE}?view=json", "vera")
    assert "readonly" in shown.partition('id="json"')[2].partition(">")[0]
    assert 'name="action" value="json"' in html(browser, PAGE, "luke")
