import pytest
from django.template import engines
from django.test import RequestFactory

from console.templatetags import ui
from console.ui.nav import place_of


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string("{% load ui %}" + source).render(context, request)


def test_a_badge_holds_the_status_as_data_icon_and_word() -> None:
    shown = ui.status_badge("TIMED-OUT")
    assert 'data-status="TIMED-OUT"' in shown
    assert "#clock" in shown
    assert "Timed out" in shown


def test_a_status_nobody_knows_is_shown_as_it_came() -> None:
    assert "&lt;NEW&gt;" in ui.status_badge("<NEW>")
    assert "Unknown" in ui.status_badge(None)


def test_an_icon_that_is_not_there_fails_loudly() -> None:
    with pytest.raises(KeyError):
        ui.icon("no-such-icon")


def test_intent_keys_differ() -> None:
    assert ui.intent_key() != ui.intent_key()


def test_crumbs_escape_and_end_with_the_page_itself() -> None:
    shown = ui.crumbs("Runs", "/runs/", "<b>")
    assert '<a href="/runs/">Runs</a>' in shown
    assert '<span aria-current="page">&lt;b&gt;</span>' in shown


def test_the_section_of_a_page_is_marked() -> None:
    assert ui.nav_links(*place_of("/settings/")).count('aria-current="page"') == 1
    assert ui.nav_links(*place_of("/settings/workspace/")).count('aria-current="true"') == 1
    assert place_of("/limits/") == ("usage", "true")
    assert "aria-current" not in ui.nav_links(*place_of("/elsewhere/"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_comes_from_the_cookie(theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = theme
    template = engines["django"].from_string("{% load ui %}{% look %}")
    assert template.render({}, request) == f' data-theme="{theme}"'


def test_a_cookie_cannot_bring_its_own_markup() -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(theme='"><script>', density="roomy")
    template = engines["django"].from_string("{% load ui %}{% look %}")
    assert template.render({}, request) == ' data-density="roomy"'


def test_a_dialog_is_open_when_its_address_says_so() -> None:
    source = "{% dialog 'export' 'Export' open=open %}{{ text }}{% enddialog %}"
    assert '<dialog class="dialog" id="export" aria-labelledby="export-title" open>' in render(
        source, open=True, text="<b>"
    )
    closed = render(source, open=False, text="<b>")
    assert " open" not in closed
    assert "&lt;b&gt;" in closed


def test_a_confirmation_needs_no_script() -> None:
    shown = render("{% confirm 'x' 'Delete' 'Delete it?' %}<p>Gone.</p>{% endconfirm %}")
    assert 'popovertarget="x"' in shown
    assert 'role="dialog"' in shown
    assert "Delete it?" in shown


def test_a_menu_is_named() -> None:
    assert 'aria-label="More"' in render("{% menu 'More' %}<a href='/'>Home</a>{% endmenu %}")


def test_what_is_copied_is_escaped() -> None:
    assert 'data-copy="&quot;x"' in ui.copy_button('"x', "run ID")
