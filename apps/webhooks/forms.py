"""The form of a webhook. `fields` and `typed` have the API's names, in the same order."""

from typing import Any
from urllib.parse import urlsplit

from django import forms

from apps.webhooks import payload
from apps.webhooks.scopes import KEYS, WORDS, scope_of
from console.api.models.webhooks import BUILD_EVENTS, RUN_EVENTS, Webhook

LABELS = {
    "requestUrl": "URL",
    "eventTypes": "Events",
    "condition": "Watches",
    "payloadTemplate": "Payload template",
    "headersTemplate": "Headers template",
    "description": "Description",
    "shouldInterpolateStrings": "Variables inside strings",
    "ignoreSslErrors": "Ignore TLS errors",
    "doNotRetry": "Do not retry",
}
INPUTS = {
    "requestUrl": "url",
    "eventTypes": "events",
    "condition": "scope",
    "payloadTemplate": "payload",
    "headersTemplate": "headers",
    "description": "description",
}


def event_word(event: str) -> str:
    """Of ACTOR.RUN.TIMED_OUT: Timed out."""
    return event.rpartition(".")[2].replace("_", " ").capitalize()


EVENTS = [(event, event_word(event)) for event in (*RUN_EVENTS, *BUILD_EVENTS)]


class Template(forms.CharField):
    """As typed, with line breaks as files have them."""

    def __init__(self) -> None:
        super().__init__(required=False, strip=False, max_length=payload.LONGEST)

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class WebhookForm(forms.Form):
    url = forms.CharField(max_length=2000)
    events = forms.MultipleChoiceField(
        choices=EVENTS, error_messages={"required": "Choose at least one event."}
    )
    scope = forms.ChoiceField(choices=list(WORDS.items()))
    actor = forms.CharField(required=False, max_length=200)
    task = forms.CharField(required=False, max_length=200)
    run = forms.CharField(required=False, max_length=200)
    payload = Template()
    headers = Template()
    description = forms.CharField(required=False, max_length=1000)
    interpolate = forms.BooleanField(required=False)
    ignore_ssl = forms.BooleanField(required=False)
    no_retry = forms.BooleanField(required=False)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            parts = urlsplit(url)
            is_fine = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            is_fine = False
        if not is_fine or any(sign.isspace() for sign in url):
            raise forms.ValidationError("Give a whole address that begins with http:// or https://")
        return url

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        kind = found.get("scope", "")
        if kind and not found.get(kind):
            self.add_error("scope", f"Choose which {WORDS[kind].lower()} it watches.")
        if kind in ("task", "run") and set(found.get("events", [])) & set(BUILD_EVENTS):
            self.add_error("events", "Builds belong to Actors: choose an Actor, or runs only.")
        interpolate = found.get("interpolate", False)
        try:
            payload.parse(found.get("payload") or payload.DEFAULT, interpolate=interpolate)
        except payload.Problem as problem:
            self.add_error("payload", problem.sentence)
        try:
            if found.get("headers", "").strip():
                payload.check_headers(found["headers"], interpolate=interpolate)
        except payload.Problem as problem:
            self.add_error("headers", problem.sentence)
        return found

    def add_refusal(self, sentence: str) -> bool:
        """Puts what the API refuses beside the field that it names; false when it names none."""
        for name, field in INPUTS.items():
            if name.lower() in sentence.lower():
                self.add_error(field, sentence)
                return True
        return False


def fields(webhook: Webhook) -> dict[str, Any]:
    named = {
        "actorId": webhook.condition.actor_id,
        "actorTaskId": webhook.condition.actor_task_id,
        "actorRunId": webhook.condition.actor_run_id,
    }
    return {
        "requestUrl": webhook.request_url,
        "eventTypes": sorted(webhook.event_types),
        "condition": {key: value for key, value in named.items() if value},
        "payloadTemplate": webhook.payload_template or "",
        "headersTemplate": webhook.headers_template or "",
        "description": webhook.description or "",
        "shouldInterpolateStrings": bool(webhook.should_interpolate_strings),
        "ignoreSslErrors": webhook.ignore_ssl_errors,
        "doNotRetry": bool(webhook.do_not_retry),
    }


def typed(form: WebhookForm, was: Webhook | None = None) -> dict[str, Any]:
    """A condition that names more than the form shows stays as it is while that is not changed."""
    found = form.cleaned_data
    kind = found["scope"]
    condition = {KEYS[kind]: found[kind]}
    if was is not None:
        scope = scope_of(was.condition, {})
        if (scope.kind, scope.id) == (kind, found[kind]):
            condition = fields(was)["condition"]
    return {
        "requestUrl": found["url"],
        "eventTypes": sorted(found["events"]),
        "condition": condition,
        "payloadTemplate": found["payload"],
        "headersTemplate": found["headers"],
        "description": found["description"],
        "shouldInterpolateStrings": found["interpolate"],
        "ignoreSslErrors": found["ignore_ssl"],
        "doNotRetry": found["no_retry"],
    }


def initial(webhook: Webhook) -> dict[str, Any]:
    scope = scope_of(webhook.condition, {})
    return {
        "url": webhook.request_url,
        "events": webhook.event_types,
        "scope": scope.kind or "actor",
        scope.kind: scope.id,
        "payload": webhook.payload_template or "",
        "headers": webhook.headers_template or "",
        "description": webhook.description or "",
        "interpolate": webhook.should_interpolate_strings,
        "ignore_ssl": webhook.ignore_ssl_errors,
        "no_retry": webhook.do_not_retry,
    }
