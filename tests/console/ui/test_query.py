from django.test import RequestFactory

from console.ui.query import with_params, without

REQUEST = RequestFactory().get("/runs/?status=FAILED&origin=API&origin=WEB&page=2")


def test_one_parameter_changes_and_the_rest_stays() -> None:
    assert with_params(REQUEST, page=3) == "/runs/?status=FAILED&origin=API&origin=WEB&page=3"


def test_none_takes_a_parameter_away() -> None:
    assert with_params(REQUEST, status=None, origin=None, page=None) == "/runs/"


def test_booleans_are_written_as_the_api_does() -> None:
    assert with_params(RequestFactory().get("/"), desc=True) == "/?desc=1"
    assert with_params(RequestFactory().get("/"), desc=False) == "/?desc=0"


def test_text_is_encoded() -> None:
    assert with_params(RequestFactory().get("/"), q="a&b=c") == "/?q=a%26b%3Dc"


def test_a_form_carries_on_what_it_has_no_field_for() -> None:
    assert without(REQUEST, "status", "page") == [("origin", "API"), ("origin", "WEB")]
