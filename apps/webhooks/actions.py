"""Test, Send again and Delete."""

from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from apps.webhooks.replays import Replayed, replay
from console.api.models.webhooks import Dispatch
from console.api.resources.webhooks import delete_webhook, get_dispatch, send_test
from console.request import ConsoleRequest, needs
from console.ui.actions import act, deleted, go
from console.ui.responses import tell


@needs("webhooks.edit")
def test(request: ConsoleRequest, webhook_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: request.api.run(send_test(webhook_id)),
        then=page_of,
        said=lambda _: "Sent made-up data. Here is what becomes of it.",
        tone="info",
    )


@needs("webhooks.edit")
def delete(request: ConsoleRequest, webhook_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: deleted(request.api, delete_webhook(webhook_id)),
        then=lambda _: reverse("webhooks:list"),
        said=lambda _: "Webhook deleted. Nothing more is sent to it.",
    )


@needs("webhooks.edit")
def send_again(request: ConsoleRequest, dispatch_id: str) -> HttpResponse:
    """POST `template`: `same` for the body as it was sent, else the webhook's present one."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    first = request.api.run(get_dispatch(dispatch_id))
    done = replay(request, first, same=request.POST.get("template") == "same")
    if not isinstance(done, Replayed):
        tell(request, done, tone="error")
        return go(request, page_of(first))
    tell(request, "Sent again. The receiver sees by a header that it is a replay.", tone="info")
    return go(request, page_of(done.dispatch))


def page_of(dispatch: Dispatch) -> str:
    return reverse("webhooks:dispatch", args=[dispatch.id])
