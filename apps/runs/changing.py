"""Forms that change a run: resurrect it with other options, or go on as another Actor."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from apps.runs.actions import once
from apps.runs.views import context, load
from console.api.calls import JSON, Call
from console.api.errors import Refused
from console.api.models.runs import Run
from console.api.resources.runs import metamorph_run, resurrect_run
from console.forms import jsontext
from console.forms.options import RunOptions
from console.request import ConsoleRequest, needs
from console.ui.names import actor_names


class Options(RunOptions):
    """What is left empty stays as the run has it."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        del self.fields["max_items"]
        self.fields["memory"].choices[0] = ("", "As it was")  # type: ignore[attr-defined] # a choice field


class Metamorph(forms.Form):
    target = forms.CharField(required=False, max_length=200, label="Actor")
    other = forms.CharField(
        required=False, max_length=200, label="Or an Actor by its ID or by user~name"
    )
    build = forms.CharField(required=False, max_length=64, label="Build")
    input = forms.CharField(
        required=False, label="Input, as JSON", widget=forms.Textarea({"rows": 8}), strip=False
    )

    def clean_input(self) -> str:
        text: str = self.cleaned_data["input"]
        if text.strip():
            try:
                jsontext.loads(text)
            except jsontext.BadJson as problem:
                raise forms.ValidationError(str(problem)) from None
        return text.strip()

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not (found.get("other") or found.get("target")):
            self.add_error("target", "Choose the Actor that goes on.")
        return found


@needs("runs.resurrect")
def resurrect_with(request: ConsoleRequest, run_id: str) -> HttpResponse:
    def call(form: Options) -> Call[Run]:
        sent = form.cleaned_data
        return resurrect_run(
            run_id,
            build=sent["build"] or None,
            timeout=sent["timeout"],
            memory=sent["memory"],
        )

    form = Options(request.POST or None)
    return changed(request, run_id, form, "resurrect", lambda: call(form))


@needs("runs.metamorph")
def metamorph(request: ConsoleRequest, run_id: str) -> HttpResponse:
    def call(form: Metamorph) -> Call[Run]:
        sent = form.cleaned_data
        return metamorph_run(
            run_id,
            target_actor_id=sent["other"] or sent["target"],
            build=sent["build"] or None,
            input_body=sent["input"].encode(),
            content_type=JSON,
        )

    form = Metamorph(request.POST or None)
    return changed(request, run_id, form, "metamorph", lambda: call(form))


def changed(
    request: ConsoleRequest,
    run_id: str,
    form: forms.Form,
    verb: str,
    call: Callable[[], Call[Run]],
) -> HttpResponse:
    """The form, or what is done with it. A refusal stands in the form: nothing typed is lost."""
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return once(request, run_id, f"run.{verb}", call)
            except Refused as refused:
                if refused.maybe_done:
                    raise
                form.add_error(None, refused.sentence)
                status = refused.status
    found, dataset, queue = load(request, run_id)
    names = sorted(actor_names(request).items(), key=lambda each: each[1].casefold())
    extra = {"form": form, "actors": names}
    shown = {**context(request, found, dataset, queue, ""), **extra}
    return render(request, f"runs/{verb}.html", shown, status=status)
