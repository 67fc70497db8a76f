"""Two runs side by side: what differs in input, options, figures, and how their logs begin."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from apps.runs.bulk import selected
from apps.runs.inputs import Shown, input_of, missing_input, schema_of_build
from apps.runs.tiles import Counts, counts_of
from console.api.calls import Answer
from console.api.errors import ApiError
from console.api.models.runs import Run
from console.api.resources.logs import get_log
from console.api.resources.runs import get_run, run_dataset, run_queue, run_record
from console.live.ansi import stripped
from console.request import ConsoleRequest, needs
from console.templatetags import fmt, ui
from console.ui.actions import go
from console.ui.names import name_of
from console.ui.responses import tell

TWO = 2
LINES = 100
HEAD = 64 * 1024  # bytes of a log that are looked at
LONGEST = 4000  # characters of one value


class Side(NamedTuple):
    """What is known of one run; None for what the API does not give."""

    run: Run
    actor: str
    counts: Counts
    input: Shown
    log: list[str] | None


class Pair(NamedTuple):
    label: str
    a: str
    b: str

    @property
    def differs(self) -> bool:
        return self.a != self.b


@needs("read")
def compare(request: ConsoleRequest) -> HttpResponse:
    """POST is the list's form with its ticked rows; the page itself has an address."""
    if request.method == "POST":
        chosen = selected(request)
        if len(chosen) != TWO:
            tell(request, f"Select two runs to compare, not {len(chosen)}.", tone="warning")
            return go(request, reverse("runs:list"))
        query = QueryDict(mutable=True)
        query.update({"a": chosen[1], "b": chosen[0]})  # the list has the newest first
        return go(request, f"{reverse('runs:compare')}?{query.urlencode()}")
    ids = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(ids):
        return render(request, "runs/compare.html", {"sides": []})
    a, b = sides(request, ids)
    given = fields(a.input, b.input)
    context = {
        "sides": [a, b],
        "facts": facts(a, b),
        "fields": given,
        "differing": sum(pair.differs for pair in given),
        "swap_url": f"?a={b.run.id}&b={a.run.id}",
        "lines": LINES,
    }
    return render(request, "runs/compare.html", context)


def sides(request: ConsoleRequest, ids: list[str]) -> list[Side]:
    """Both runs at once; without a run there is nothing to compare, the rest may be missing."""
    makers: tuple[Callable[[str], Any], ...] = (
        get_run,
        run_dataset,
        run_queue,
        lambda run_id: run_record(run_id, "INPUT"),
        lambda run_id: get_log(run_id, raw=True),
    )
    answers: tuple[Any, ...] = request.api.try_all(
        *[make(run_id) for run_id in ids for make in makers]
    )
    halves = [answers[: len(makers)], answers[len(makers) :]]
    for run, *_ in halves:
        if isinstance(run, ApiError):
            raise run
    builds = {run.build_id: run for run, *_ in halves}  # often one build has made both
    schemas = {build_id: schema_of_build(request, run) for build_id, run in builds.items()}
    return [side(request, half, schemas[half[0].build_id]) for half in halves]


def side(request: ConsoleRequest, answers: Sequence[Any], input_schema: Any) -> Side:
    run, dataset, queue, record, log = answers
    if isinstance(record, ApiError):
        shown = missing_input(record)
    else:
        shown = input_of(record, input_schema)
    return Side(
        run,
        name_of(request, run.act_id),
        counts_of(*[None if isinstance(each, ApiError) else each for each in (dataset, queue)]),
        shown,
        None if isinstance(log, ApiError) else head(log),
    )


def head(log: Answer) -> list[str]:
    """The first lines as plain text, without the half of a character at a cut."""
    text = stripped(log.content[:HEAD].decode("utf-8", "ignore"))
    return text.splitlines()[:LINES]


def facts(a: Side, b: Side) -> list[Pair]:
    return [
        Pair(label, str(text(a)), str(text(b)))
        for label, text in FACTS
        if text(a) != fmt.NONE or text(b) != fmt.NONE
    ]


FACTS: tuple[tuple[str, Callable[[Side], str]], ...] = (
    ("Message", lambda side: side.run.status_message or fmt.NONE),
    ("Actor", lambda side: side.actor),
    ("Build", lambda side: side.run.build_number or fmt.NONE),
    ("Started", lambda side: fmt.when(side.run.started_at)),
    ("Duration", lambda side: fmt.took(side.run) or fmt.NONE),
    ("Usage", lambda side: fmt.usd(side.run.usage_total_usd)),
    ("Results", lambda side: fmt.count(side.counts.results)),
    ("Requests", lambda side: fmt.count(side.counts.requests)),
    ("Requests handled", lambda side: fmt.count(side.counts.handled)),
    ("Exit code", lambda side: fmt.count(side.run.exit_code)),
    ("Memory", lambda side: fmt.memory(side.run.options.memory_mbytes)),
    ("Memory, top", lambda side: fmt.size(side.run.stats.mem_max_bytes)),
    ("CPU, mean", lambda side: fmt.percent(side.run.stats.cpu_avg_usage)),
    ("Timeout", lambda side: fmt.duration(side.run.options.timeout_secs or None)),
    ("Maximum of results", lambda side: fmt.count(side.run.options.max_items)),
    ("Cost ceiling", lambda side: fmt.usd(side.run.options.max_total_charge_usd)),
    ("Restarts", lambda side: fmt.count(side.run.stats.restart_count)),
    ("Resurrections", lambda side: fmt.count(side.run.stats.resurrect_count)),
    ("Origin", lambda side: ui.origin(side.run.meta.origin)),
)


def fields(a: Shown, b: Shown) -> list[Pair]:
    """By key when both inputs are objects; whole otherwise. What differs comes first."""
    if not (a.fields and b.fields):
        whole = Pair("Input", *((each.text or each.note)[:LONGEST] for each in (a, b)))
        return [whole] if whole.a or whole.b else []
    left, right = ({key: text for _, key, text in each.fields} for each in (a, b))
    pairs = [
        Pair(key, cut(left.get(key)), cut(right.get(key))) for key in dict.fromkeys([*left, *right])
    ]
    return sorted(pairs, key=lambda pair: not pair.differs)


def cut(text: str | None) -> str:
    if text is None:
        return "not given"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
