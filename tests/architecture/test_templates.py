"""What one would else find only by opening every page: templates that do not compile, and more."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from console.templatetags.ui import icon_names
from tests.architecture.test_texture import ROOT, tracked

TEMPLATES = ROOT / "templates"
PAGES = [path for path in tracked(".html") if path.is_relative_to(TEMPLATES)]
LAYOUTS = re.compile(r'{% extends "(base|layouts/\w+)\.html" %}')
INLINE = re.compile(r'\s(style|on[a-z]+)=["\']|javascript:|<style[\s>]|<script(?![^>]*\ssrc=)')
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:oklch|oklab|rgb|rgba|hsl|hsla|hwb|lab|lch)\(", re.I)
MIXING = re.compile(r"in (?:oklab|oklch|srgb)\b")
ICON = re.compile(r"""{% icon ['"]([\w-]+)['"] %}""")


def name(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_template_compiles(path: Path) -> None:
    get_template(name(path))


def test_every_page_has_a_title_and_a_heading() -> None:
    missing = [
        f"{name(path)}: {block}"
        for path in PAGES
        if LAYOUTS.search(text := path.read_text()) and not name(path).startswith("layouts/")
        for block in ("title", "heading")
        if f"{{% block {block} %}}" not in text
    ]
    assert not missing


def test_nothing_is_inline() -> None:
    """The content security policy would refuse it, silently for the person."""
    found = [
        f"{name(path)}:{number}"
        for path in PAGES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line)
    ]
    assert not found


def test_colours_are_tokens() -> None:
    found = [
        f"{path.name}:{number} {line.strip()}"
        for path in tracked(".css")
        if path.name != "tokens.css"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if COLOUR.search(MIXING.sub("", line))
    ]
    assert not found


def test_every_style_and_behaviour_is_loaded() -> None:
    styles = (ROOT / "static/css/app.css").read_text()
    scripts = (ROOT / "static/js/app.js").read_text()
    left_out = [
        path.name
        for path in [*tracked(".css"), *tracked(".js")]
        if path.is_relative_to(ROOT / "static")
        and path.stem != "app"
        and f'import "{path.name}"' not in styles
        and f'import "./{path.name}"' not in scripts
    ]
    assert not left_out


def test_behaviours_stand_alone() -> None:
    """They are put into one file, each in a block of its own, so they cannot import or export."""
    found = [
        path.name
        for path in tracked(".js")
        if path.is_relative_to(ROOT / "static") and path.stem != "app"
        if re.search(r"^\s*(import|export)\b", path.read_text(), re.MULTILINE)
    ]
    assert not found


def test_every_icon_exists() -> None:
    used = {icon for path in PAGES for icon in ICON.findall(path.read_text())}
    assert used <= icon_names()


# What may make text safe, and why: a README went through nh3, rows are joined that are safe, each
# value of a cell is escaped. The tests of each feed it markup.
MADE_SAFE = {"apps/actors/readme.py", "console/ui/rows.py", "console/ui/table.py"}


def test_untrusted_text_is_never_marked_safe() -> None:
    unsafe = [
        name(path) for path in PAGES if re.search(r"\|\s*safe\b|autoescape off", path.read_text())
    ]
    made = [
        str(path.relative_to(ROOT))
        for path in tracked(".py")
        if path.name != Path(__file__).name
        if re.search(r"mark_safe|SafeString\(", path.read_text())
    ]
    assert not unsafe
    assert set(made) == MADE_SAFE
