from django.http import HttpResponse

from apps.search.finding import find
from console.request import ConsoleRequest, needs
from console.ui.responses import render_page

LONGEST = 100


@needs("read")
def search(request: ConsoleRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    context = {"q": text, "found": find(request, text)}
    return render_page(request, "search/search.html", context, partial="found")
