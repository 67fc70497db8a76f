"""Which items and fields come out (rules 182-194, 200, 201), whatever the format."""

from typing import Any

import pytest

from tests.platform.conftest import Account, Platform
from tests.platform.storages.items import get, push


@pytest.fixture
def made(ada: Account) -> str:
    return str(ada.data("POST", "datasets")["id"])


def test_rules_190_191_192_several_unwound_in_order(ada: Account, made: str) -> None:
    push(ada, made, '{"id": 1, "o": {"l": [{"x": 1}, {"x": 2}]}, "k": ["a", "b"]}')
    found = get(ada, made, "unwind=o,l,k").json()
    assert found == [
        {"id": 1, "x": 1, "k": "a"},
        {"id": 1, "x": 1, "k": "b"},
        {"id": 1, "x": 2, "k": "a"},
        {"id": 1, "x": 2, "k": "b"},
    ]
    assert get(ada, made, "unwind=l,o").json() == [
        {"id": 1, "k": ["a", "b"], "l": [{"x": 1}, {"x": 2}]}
    ]


def test_rules_182_184_193_pages_count_stored_items(ada: Account, made: str) -> None:
    push(ada, made, '[{"l": [1, 2]}, {"l": [3, 4]}, {"l": 5}, {"m": 6}]')
    answer = get(ada, made, "unwind=l&limit=2&desc=1&offset=1")
    assert answer.json() == [{"l": 5}, {"l": 3}, {"l": 4}]
    assert answer.headers["x-apify-pagination-count"] == "2"
    assert get(ada, made, "unwind=l&offset=2").json() == [{"l": 5}, {"m": 6}]


def test_rule_186_clean_may_leave_fewer_than_the_limit(ada: Account, made: str) -> None:
    push(ada, made, '[{}, {"#a": 1}, {"b": 1}, {"b": 2}]')
    answer = get(ada, made, "clean=1&limit=3")
    assert answer.json() == [{"b": 1}]
    assert answer.headers["x-apify-pagination-count"] == "3"


def test_rule_194_flatten_goes_all_the_way_down(ada: Account, made: str) -> None:
    push(ada, made, '{"foo": {"bar": "hello", "in": {"x": [1]}}, "e": {}}')
    assert get(ada, made, "flatten=foo,e").json() == [
        {"foo.bar": "hello", "foo.in.x": [1], "e": {}}
    ]


def test_rules_200_201_results_as_the_old_crawler_gave_them(ada: Account, made: str) -> None:
    push(
        ada,
        made,
        """[{"url": "u1", "html": "h", "pageFunctionResult": [{"a": 1}, {"a": 2}]},
        {"url": "u2", "errorInfo": "bad", "pageFunctionResult": {"a": 3}}]""",
    )
    assert get(ada, made, "simplified=1").json() == [
        {"url": "u1", "a": 1},
        {"url": "u1", "a": 2},
        {"url": "u2", "errorInfo": "bad", "a": 3},
    ]
    assert (
        get(ada, made, "simplified=true&skipFailedPages=1&format=csv").content.decode("utf-8-sig")
        == "url,a\r\nu1,1\r\nu1,2\r\n"
    )


def test_rule_188_a_field_to_be_unwound_is_picked_before(ada: Account, made: str) -> None:
    push(ada, made, '{"a": 1, "b": 2, "l": [{"x": 1, "y": 2}]}')
    assert get(ada, made, "unwind=l&fields=a,l").json() == [{"a": 1, "x": 1, "y": 2}]
    assert get(ada, made, "unwind=l&fields=x,a").json() == [{"x": 1, "a": 1}]


def test_a_view_is_read_from_the_definition_of_the_actor(ada: Account, platform: Platform) -> None:
    definition: dict[str, Any] = {
        "storages": {
            "dataset": {
                "views": {
                    "short": {
                        "transformation": {
                            "fields": ["x", "a"],
                            "unwind": "l",
                            "limit": 1,
                            "desc": True,
                        }
                    }
                }
            }
        }
    }
    made = ada.data("POST", "datasets")["id"]
    platform.shell(
        "actor = Actor.objects.create(user=User.objects.get(username='ada'), name='viewed')\n"
        f"build = Build.objects.create(actor=actor, actor_definition={definition!r})\n"
        "run = Run.objects.create(actor=actor, build_id=build.id)\n"
        f"Dataset.objects.filter(id={made!r}).update(act_run_id=run.id)\n"
    )
    push(ada, made, '[{"a": 1, "l": {"x": 0}}, {"a": 2, "l": {"x": 1, "y": 3}}]')
    assert get(ada, made, "view=short").json() == [{"x": 1, "a": 2}]
    assert get(ada, made, "view=short&limit=2&fields=a&desc=0").json() == [{"a": 1}, {"a": 2}]
    answer = ada.http.get(f"datasets/{made}/items?view=none")
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "requested-dataset-view-does-not-exist"
