"""Datasets and their items as JSON and CSV (rules 163-203)."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.platform.conftest import Account, Platform, start_platform


@pytest.fixture
def dataset(ada: Account) -> str:
    return str(ada.data("POST", "datasets")["id"])


def push(ada: Account, dataset: str, items: Any) -> None:
    answer = ada.http.post(f"datasets/{dataset}/items", json=items)
    assert answer.status_code == 201, answer.text


def items(ada: Account, dataset: str, query: str = "") -> Any:
    answer = ada.http.get(f"datasets/{dataset}/items?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def text(ada: Account, dataset: str, query: str) -> str:
    answer = ada.http.get(f"datasets/{dataset}/items?{query}")
    assert answer.status_code == 200, answer.text
    return answer.content.decode("utf-8-sig")


def test_rules_168_170_an_object_or_an_array_is_put_at_the_end(ada: Account, dataset: str) -> None:
    answer = ada.http.post(f"datasets/{dataset}/items", json={"n": 0})
    assert (answer.status_code, answer.json()) == (201, {})
    push(ada, dataset, [{"n": 1}, {"n": 2}])
    assert items(ada, dataset) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert ada.data("GET", f"datasets/{dataset}")["itemCount"] == 3


@pytest.mark.parametrize("body", ["1", '"a"', "[1]", "[{}, 2]", "null", "", "{", "[{}", "\udcff"])
def test_rule_168_anything_else_is_refused_whole(ada: Account, dataset: str, body: str) -> None:
    raw = body.encode("utf-8", "surrogateescape")
    headers = {"Content-Type": "application/json"}
    answer = ada.http.post(f"datasets/{dataset}/items", content=raw, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-request"
    assert items(ada, dataset) == []


def test_item_bytes_are_kept(ada: Account, dataset: str) -> None:
    body = b'[{"big": 123456789012345678901234567890, "exact": 1.10, "s": "\\u00e9", "e": 1e2}]'
    headers = {"Content-Type": "application/json"}
    ada.http.post(f"datasets/{dataset}/items", content=body, headers=headers)
    shown = ada.http.get(f"datasets/{dataset}/items?format=jsonl").content
    assert shown == body[1:-1] + b"\n"


def test_rule_169_nine_mebibytes_are_taken_and_more_are_not(ada: Account, dataset: str) -> None:
    line = {"text": "x" * 1000}
    fits = [line] * (9 * 1024 * 1024 // len(json.dumps(line)) - 100)
    push(ada, dataset, fits)
    answer = ada.http.post(f"datasets/{dataset}/items", json=fits + fits[:1000])
    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "request-too-large"
    assert ada.data("GET", f"datasets/{dataset}")["itemCount"] == len(fits)


@pytest.fixture(scope="module")
def many(ada: Account) -> str:
    """5,000 items in pushes of 1, 7, 500 and so on."""
    made = str(ada.data("POST", "datasets")["id"])
    at, sizes = 0, [1, 7, 500, 3, 1, 1, 2000, 40]
    while at < 5000:
        size = min(sizes[at % len(sizes)], 5000 - at)
        push(ada, made, [{"n": number, "pad": "p" * 30} for number in range(at, at + size)])
        at += size
    return made


@pytest.mark.parametrize(
    ("offset", "limit"), [(0, 5), (4990, 100), (2499, 3), (5000, 5), (9999, 1)]
)
@pytest.mark.parametrize("desc", [False, True])
def test_rules_184_187_any_page_in_both_orders(
    ada: Account, many: str, offset: int, limit: int, desc: bool
) -> None:
    order = list(reversed(range(5000))) if desc else list(range(5000))
    found = items(ada, many, f"offset={offset}&limit={limit}&desc={int(desc)}")
    assert [item["n"] for item in found] == order[offset : offset + limit]


def test_rule_202_headers_tell_the_page(ada: Account, many: str) -> None:
    answer = ada.http.get(f"datasets/{many}/items?offset=10&limit=5&desc=1")
    named = {k[18:]: v for k, v in answer.headers.items() if k.startswith("x-apify-pagination")}
    assert named == {
        "-offset": "10",
        "-limit": "5",
        "-count": "5",
        "-total": "5000",
        "-desc": "true",
    }
    whole = ada.http.get(f"datasets/{many}/items")
    assert whole.headers["x-apify-pagination-limit"] == "999999999999"


def test_rules_174_175_199_hidden_and_empty(ada: Account, dataset: str) -> None:
    push(ada, dataset, [{"a": 1, "#b": 2}, {}, {"#only": 1}])
    assert items(ada, dataset, "skipHidden=1") == [{"a": 1}, {}, {}]
    assert items(ada, dataset, "skipEmpty=1") == [{"a": 1, "#b": 2}, {"#only": 1}]
    assert items(ada, dataset, "clean=true") == [{"a": 1}]
    assert ada.data("GET", f"datasets/{dataset}")["cleanItemCount"] == 1


def test_rules_188_189_fields_in_order_and_omit(ada: Account, dataset: str) -> None:
    push(ada, dataset, [{"a": 1, "b": 2, "c": 3}])
    assert text(ada, dataset, "format=jsonl&fields=c,a,zz") == '{"c":3,"a":1}\n'
    assert items(ada, dataset, "omit=b") == [{"a": 1, "c": 3}]


def test_rules_190_194_unwind_and_flatten(ada: Account, dataset: str) -> None:
    push(
        ada,
        dataset,
        [{"a": 1, "l": [{"x": 1}, {"x": 2}]}, {"a": 2, "l": 5}, {"o": {"p": {"q": 1}}}],
    )
    unwound = items(ada, dataset, "unwind=l")
    assert unwound == [{"a": 1, "x": 1}, {"a": 1, "x": 2}, {"a": 2, "l": 5}, {"o": {"p": {"q": 1}}}]
    assert items(ada, dataset, "flatten=o&offset=2") == [{"o.p.q": 1}]


def test_rules_172_196_198_csv(ada: Account, dataset: str) -> None:
    push(ada, dataset, [{"a": 'x"y', "b": None}, {"b": True, "c": {"d": 1, "e": [2]}}])
    answer = ada.http.get(f"datasets/{dataset}/items?format=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [["a", "b", "c/d", "c/e/0"], ['x"y', "", "", ""], ["", "true", "1", "2"]]
    plain = ada.http.get(f"datasets/{dataset}/items?format=csv&bom=0&skipHeaderRow=1&delimiter=;")
    assert plain.content.decode().splitlines() == ['"x""y";;;', ";true;1;2"]


def test_rule_173_csv_has_at_most_500_columns_of_200_characters(ada: Account, dataset: str) -> None:
    push(ada, dataset, {f"{n:03d}" + "k" * 300: n for n in range(600)})
    header = next(csv.reader(io.StringIO(text(ada, dataset, "format=csv"))))
    assert len(header) == 500
    assert {len(name) for name in header} == {200}


def test_rule_195_attachment(ada: Account, dataset: str) -> None:
    plain = ada.http.get(f"datasets/{dataset}/items")
    assert "content-disposition" not in plain.headers
    kept = ada.http.get(f"datasets/{dataset}/items?attachment=1&format=csv")
    assert kept.headers["content-disposition"] == f'attachment; filename="{dataset}.csv"'


def test_rule_171_an_unknown_format_is_refused(ada: Account, dataset: str) -> None:
    answer = ada.http.get(f"datasets/{dataset}/items?format=yaml")
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-value"


@pytest.mark.parametrize("kind", ["datasets", "key-value-stores", "request-queues"])
def test_rules_149_163_204_lists_hold_named_ones_unless_asked(ada: Account, kind: str) -> None:
    named = ada.data("POST", f"{kind}?name=list-{kind}")
    unnamed = ada.data("POST", kind)
    ids = {item["id"] for item in ada.data("GET", f"{kind}?limit=1000")["items"]}
    assert named["id"] in ids
    assert unnamed["id"] not in ids
    every = {item["id"] for item in ada.data("GET", f"{kind}?unnamed=1&desc=1")["items"]}
    assert {named["id"], unnamed["id"]} <= every


@pytest.mark.parametrize("kind", ["datasets", "key-value-stores", "request-queues"])
def test_rules_151_164_205_a_name_gives_the_one_that_is_there(ada: Account, kind: str) -> None:
    first = ada.http.post(f"{kind}?name=same-{kind}")
    second = ada.http.post(f"{kind}?name=same-{kind}")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["data"]["id"] == second.json()["data"]["id"]
    assert first.headers["location"].endswith(first.json()["data"]["id"])


@pytest.mark.parametrize("kind", ["datasets", "key-value-stores", "request-queues"])
def test_rename_unname_and_delete(ada: Account, kind: str) -> None:
    made = ada.data("POST", f"{kind}")["id"]
    assert ada.data("PUT", f"{kind}/{made}", json={"name": f"new-{kind}"})["name"] == f"new-{kind}"
    assert ada.data("GET", f"{kind}/~new-{kind}")["id"] == made
    other = ada.data("POST", f"{kind}")["id"]
    taken = ada.http.put(f"{kind}/{other}", json={"name": f"new-{kind}"})
    assert taken.status_code == 409
    assert ada.http.put(f"{kind}/{other}", json={"name": "no/slash"}).status_code == 400
    assert ada.data("PUT", f"{kind}/{made}", json={"name": None})["name"] is None
    assert ada.http.delete(f"{kind}/{made}").status_code == 204
    assert ada.http.get(f"{kind}/{made}").status_code == 404


@pytest.mark.parametrize("kind", ["datasets", "key-value-stores", "request-queues"])
def test_foreign_writes_look_like_nothing_there(
    platform: Platform, ada: Account, ben: Account, kind: str
) -> None:
    made = ada.data("POST", kind)["id"]
    absent = ben.http.delete(f"{kind}/{'x' * 17}")
    foreign = ben.http.delete(f"{kind}/{made}")
    assert foreign.status_code == absent.status_code == 404
    assert platform.anonymous.delete(f"{kind}/{made}").status_code == 401
    assert ada.http.get(f"{kind}/{made}").status_code == 200


def test_the_official_client_pages_through(ada: Account, many: str) -> None:
    client = ada.client.dataset(many)
    page = client.list_items(offset=3, limit=2)
    assert [item["n"] for item in page.items] == [3, 4]
    assert page.total == 5000
    assert sum(1 for _ in client.iterate_items()) == 5000
    found = client.get()
    assert found is not None


def test_rules_165_166_what_a_dataset_tells_of_itself(ada: Account, dataset: str) -> None:
    push(ada, dataset, [{"a": 1}, {"#b": 2}])
    found = ada.data("GET", f"datasets/{dataset}")
    named = {"id", "name", "userId", "createdAt", "modifiedAt", "accessedAt", "actId", "actRunId"}
    assert named <= set(found)
    assert (found["itemCount"], found["cleanItemCount"], found["fields"]) == (2, 1, ["a", "#b"])


def test_rule_167_items_are_only_added(ada: Account, dataset: str) -> None:
    for method in ("PUT", "DELETE"):
        answer = ada.http.request(method, f"datasets/{dataset}/items", json={})
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "OPTIONS, GET, POST"


def test_rule_185_clean_is_short_for_two(ada: Account, dataset: str) -> None:
    push(ada, dataset, [{"a": 1, "#b": 2}, {"#b": 2}, {}])
    assert items(ada, dataset, "clean=1") == items(ada, dataset, "skipHidden=1&skipEmpty=1")


@pytest.fixture(scope="module")
def capped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A server that gives three items at once where others give 250,000."""
    home = tmp_path_factory.mktemp("capped")
    yield from start_platform(home, CALLBOARD_PLATFORM_MOST_ITEMS="3")


def test_rule_183_one_answer_holds_so_many_items_at_most(capped: Platform) -> None:
    account = capped.account("capped")
    made = account.data("POST", "datasets")["id"]
    push(account, made, [{"n": 0}, {"n": 1}, {"n": 2}, {"n": 3, "late": 1}])
    assert [item["n"] for item in items(account, made)] == [0, 1, 2]
    assert [item["n"] for item in items(account, made, "desc=1&limit=9")] == [3, 2, 1]
    answer = account.http.get(f"datasets/{made}/items?limit=9")
    assert answer.headers["x-apify-pagination-limit"] == "3"
    # who asks for the rest gets the same columns
    parts = [text(account, made, f"format=csv&offset={offset}") for offset in (0, 3)]
    assert [part.splitlines()[0] for part in parts] == ["n,late", "n,late"]


def test_statistics_of_each_field(ada: Account, dataset: str) -> None:
    push(ada, dataset, [{"n": 3, "s": "", "b": True}, {"n": -1.5, "s": "abc"}, {"n": None}, {}])
    assert ada.data("GET", f"datasets/{dataset}/statistics")["fieldStatistics"] == {
        "n": {"nullCount": 1, "emptyCount": 1, "min": -1.5, "max": 3},
        "s": {"nullCount": 0, "emptyCount": 2, "min": 0, "max": 3},
        "b": {"nullCount": 0, "emptyCount": 3},
    }
    assert ada.client.dataset(dataset).get_statistics() is not None
