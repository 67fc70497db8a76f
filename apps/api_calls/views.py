from django.http import HttpResponse

from apps.api_calls.snippets import Snippet, next_of, read
from console.request import ConsoleRequest, needs
from console.ui.responses import render_page


@needs("read")
def panel(request: ConsoleRequest) -> HttpResponse:
    """The calls behind a page, which names them in its link: `?call=GET /v2/acts&call=…`."""
    made = read(request.GET.getlist("call"))
    base_url = request.workspace.api_url
    context = {
        "groups": [
            ("Behind this page", shown(made, base_url)),
            ("What you can do next", shown(next_of(made), base_url)),
        ],
        "base_url": base_url,
    }
    return render_page(request, "api_calls/panel.html", context, partial="calls")


def shown(snippets: list[Snippet], base_url: str) -> list[dict[str, object]]:
    return [
        {
            "method": each.method,
            "address": each.address,
            "texts": [
                ("curl", each.curl(base_url)),
                ("Python", each.python(base_url)),
                ("JavaScript", each.javascript(base_url)),
            ],
        }
        for each in snippets
    ]
