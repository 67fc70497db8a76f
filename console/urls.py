"""Every page of the Console. Resources have the names that the API gives them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("", include("apps.home.urls")),
    path("health/", health, name="health"),
    path("actors/", include("apps.actors.urls")),
    path("runs/", include("apps.runs.urls")),
    path("builds/", include("apps.builds.urls")),
    path("schedules/", include("apps.schedules.urls")),
    path("tasks/", include("apps.tasks.urls")),
    path("storage/datasets/", include("apps.datasets.urls")),
    path("storage/key-value-stores/", include("apps.key_value_stores.urls")),
    path("storage/request-queues/", include("apps.request_queues.urls")),
    path("webhooks/", include("apps.webhooks.urls")),
    path("api-calls/", include("apps.api_calls.urls")),
    path("search/", include("apps.search.urls")),
    path("store/", include("apps.store.urls")),
    path("operations/", include("apps.operations.urls")),
    path("settings/", include("apps.account.urls")),
    path("", include("apps.usage.urls")),
    path("", include("apps.team.urls")),
]

handler400 = "console.errors.bad_request"
handler403 = "console.errors.denied"
handler404 = "console.errors.not_found"
handler500 = "console.errors.crashed"
