"""Every rule has a test, every operation a page or a reason, and the document says so."""

from tests.contract import conformance
from tests.contract.operations import OPERATIONS


def test_every_rule_has_a_test() -> None:
    tests = conformance.tests_of_rules()
    missing = [number for number in range(1, conformance.RULE_COUNT + 1) if not tests[number]]
    assert not missing


def test_every_rule_has_a_title() -> None:
    assert list(conformance.rules()) == list(range(1, conformance.RULE_COUNT + 1))


def test_every_operation_has_a_page_or_a_reason() -> None:
    shown = conformance.pages()
    assert not [each.name for each in OPERATIONS if not shown.get(each.name)]


def test_the_document_is_up_to_date() -> None:
    assert conformance.PAGE.read_text() == conformance.document()


def test_what_is_mounted_under_a_run_is_done_where_its_own_is() -> None:
    shown = conformance.pages()
    assert shown["POST /v2/actor-runs/{runId}/abort"] == "Run > Abort"
    items = "/v2/actor-runs/{runId}/dataset/items"
    assert shown[f"GET {items}"] == "Run > Storage > Dataset, Dataset > Export"
    assert shown[f"POST {items}"].startswith("No page needs it")
