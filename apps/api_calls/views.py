from django.http import HttpResponse

from apps.api_calls.snippets import Snippet, next_of, read
from console.request import ConsoleRequest, needs
from console.ui.responses import render_page


@needs("read")
def panel(request: ConsoleRequest) -> HttpResponse:
    """The calls behind a page, which names them in its link: `?call=GET /v2/acts&call=…`."""
    made = read(request.GET.getlist("call"))
    asked = [each for each in made if each.method == "GET"]
    posts = [each for each in made if each.method != "GET"]
    base_url = request.workspace.api_url
    context = {
        "groups": [
            ("Behind this page", shown(asked, base_url)),
            ("What you can do next", shown([*posts, *next_of(made)], base_url)),
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
