"""What every action does: POST only, perform once, say what happened, go on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from console.api.calls import Call
from console.api.errors import Refused
from console.http import Api
from console.ui.responses import Tone, tell, wants_part

T = TypeVar("T")


def act(
    request: HttpRequest,
    *,
    perform: Callable[[], T],
    then: Callable[[T], str],
    said: Callable[[T], str] | None = None,
    tone: Tone = "success",
) -> HttpResponse:
    """Calls `perform`, then leads to the address that `then` makes of its answer.

    What `said` makes of it is shown there. Errors of the API pass through to the middleware, which
    knows how to show them. 405 unless POST.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    outcome = perform()
    if said is not None:
        tell(request, said(outcome), tone=tone)
    return go(request, then(outcome))


def go(request: HttpRequest, url: str) -> HttpResponse:
    """To another page: 303, so that reload never posts again; htmx is told by header."""
    if wants_part(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
    response = HttpResponseRedirect(url)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def deleted(api: Api, call: Call[None]) -> bool:
    """Deletes; false when it was gone already, so that the second of two clicks is no error."""
    try:
        api.run(call)
    except Refused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        return False
    return True
