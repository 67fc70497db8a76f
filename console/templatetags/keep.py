"""`{% keep name=value … %}…{% endkeep %}`: a part of a page, rendered once for its values.

A template costs several microseconds a node; a closed dialog or a list of time zones has hundreds.
"""

import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from django import template
from django.template import Context, Template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.timezone import get_current_timezone_name

register = template.Library()
KEPT: Final = 256  # of each part
MARK: Final = secrets.token_urlsafe(24)  # stands where the token of a form will be


class Keep(Node):
    def __init__(self, names: Mapping[str, FilterExpression], nodelist: NodeList) -> None:
        self.names = names
        self.nodelist = nodelist
        self.made = lru_cache(maxsize=KEPT, typed=True)(self._made)

    def render(self, context: Context) -> str:
        values = [value.resolve(context) for value in self.names.values()]
        html = self.made(get_current_timezone_name(), *values)
        return html.replace(MARK, str(context.get("csrf_token", ""))) if MARK in html else html

    def _made(self, _zone: str, *values: object) -> str:
        inner = Context({**dict(zip(self.names, values, strict=True)), "csrf_token": MARK})
        with inner.bind_template(Template("")):
            return self.nodelist.render(inner)


@register.filter
def frozen(values: Iterable[object]) -> tuple[object, ...]:
    """A list as a value that `keep` can take."""
    return tuple(values)


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """The part sees these values and `csrf_token` alone: no request, and no clock unless it
    asks for one. The values are hashable, and what they show of themselves stays as it is."""
    names = token_kwargs(token.split_contents()[1:], parser)
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep(names, nodelist)
