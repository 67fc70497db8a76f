"""A README from a stranger as HTML that can do nothing."""

import re
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre", "s", "samp",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr",
    "u", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
LONGEST = 500_000

_markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@lru_cache(maxsize=64)
def to_html(text: str) -> SafeString:
    """Images go, since they would tell a stranger who reads; headings begin below the page's."""
    rendered = _lower_headings(_markdown.render(text[:LONGEST]))
    clean = nh3.clean(
        rendered,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return SafeString(clean)


def _lower_headings(html: str) -> str:
    return re.sub(r"(</?h)([1-6])\b", lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", html)
