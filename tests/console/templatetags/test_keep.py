from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import timezone

from console.templatetags.addresses import address

MADE: list[object] = []


class Shown(str):
    """Text that tells when a template looks at it."""

    __slots__ = ()

    def looked_at(self) -> str:
        MADE.append(str(self))
        return self


@pytest.fixture(autouse=True)
def none_made() -> Iterator[None]:
    MADE.clear()
    yield
    timezone.deactivate()


PART = "{% load keep %}{% keep of=of %}<p>{{ of.looked_at }}{{ other }}{{ request }}{% endkeep %}"


def shown(source: str, *contexts: dict[str, object]) -> list[str]:
    """What one template renders, time after time."""
    template = engines["django"].from_string(source)
    return [template.render(each, RequestFactory().get("/")) for each in contexts]


def test_a_part_is_made_once_for_its_values() -> None:
    first, again, another = shown(
        PART, {"of": Shown("a"), "other": 1}, {"of": Shown("a"), "other": 2}, {"of": Shown("b")}
    )
    assert (first, again, another) == ("<p>a", "<p>a", "<p>b")
    assert MADE == ["a", "b"]


def test_a_part_sees_its_values_alone() -> None:
    [seen] = shown(PART, {"of": Shown("a"), "other": "secret"})
    assert seen == "<p>a"


def test_values_of_different_types_are_different() -> None:
    source = "{% load keep %}{% keep of=of %}{{ of }}{% endkeep %}"
    assert shown(source, {"of": 1}, {"of": True}, {"of": 1.0}) == ["1", "True", "1.0"]


def test_what_is_shown_is_escaped() -> None:
    [seen] = shown(PART, {"of": Shown("<script>")})
    assert seen == "<p>&lt;script&gt;"


def test_each_answer_has_its_own_token() -> None:
    source = "{% load keep %}{% keep of=of %}{% csrf_token %}{% endkeep %}{{ csrf_token }}"
    for seen in shown(source, {"of": 1}, {"of": 1}):
        form, _, token = seen.rpartition(">")
        assert f'value="{token}"' in form
        assert len(token) > 20
    first, second = shown(source, {"of": 1}, {"of": 1})
    assert first != second


def test_times_are_those_of_the_zone() -> None:
    source = "{% load keep %}{% keep at=at %}{{ at|date:'H:i' }}{% endkeep %}"
    template = engines["django"].from_string(source)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    seen = []
    for zone in ("UTC", "Asia/Tokyo"):
        timezone.activate(zone)
        seen.append(template.render({"at": at}))
    assert seen == ["12:00", "21:00"]


def test_what_cannot_be_a_key_fails_loudly() -> None:
    with pytest.raises(TypeError):
        shown("{% load keep %}{% keep of=of %}{% endkeep %}", {"of": []})
    with pytest.raises(TemplateSyntaxError):
        shown("{% load keep %}{% keep of=of %}", {})


def test_addresses_are_made_once_and_as_django_makes_them() -> None:
    source = '{% url "runs:detail" of %}|{% url "runs:detail" of as kept %}{{ kept }}'
    before = address.cache_info().hits
    assert shown(source, {"of": "a&b"}) == ["/runs/a&amp;b/|/runs/a&amp;b/"]
    assert address.cache_info().hits > before


def test_what_has_no_address_is_left_out_or_fails() -> None:
    assert shown('{% url "runs:detail" of as kept %}[{{ kept }}]', {"of": ""}) == ["[]"]
    with pytest.raises(Exception, match="Reverse for 'detail'"):
        shown('{% url "runs:detail" of %}', {"of": ""})
