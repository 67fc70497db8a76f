"""Secret fields on their way through an input: never readable in a record, open in the run.

Those are the schema's properties of the first level with `isSecret`, which the SDKs decrypt.
"""

import secrets
from typing import Any

import msgspec

from apps.platform.domain import secret_values
from apps.platform.domain.errors import ApiError
from apps.platform.models import Build, InputKey, Run
from apps.platform.storage import records
from apps.platform.storage.secrets import seal, unseal

FILE, PASSPHRASE = (f"APIFY_INPUT_SECRETS_PRIVATE_KEY_{part}" for part in ("FILE", "PASSPHRASE"))


def fields(schema: Any) -> list[str]:
    """Names of the secret ones."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return [
        name
        for name, spec in (properties.items() if isinstance(properties, dict) else ())
        if isinstance(spec, dict) and spec.get("isSecret") is True
    ]


def opened(build: Build, user_id: str, value: dict[str, Any]) -> dict[str, Any]:
    """Encrypted values of secret fields in the clear, for checking; ApiError 400 naming the field
    when the key of this account and Actor does not open one."""
    made: dict[str, Any] = {}
    for name in fields(build.input_schema):
        if not secret_values.is_sealed(value.get(name)):
            continue
        try:
            made[name] = secret_values.unseal(value[name], _key(user_id, build.actor_id))
        except ValueError:
            raise ApiError(
                400,
                "invalid-input",
                f"Input is not valid: Field input.{name} was encrypted for another account or "
                "Actor. Write its value again.",
            ) from None
    return {**value, **made}


def sealed(build: Build, user_id: str, value: dict[str, Any]) -> dict[str, str]:
    """The secret fields that must be replaced in `value`; what is empty is no secret."""
    return {
        name: secret_values.seal(value[name], _key(user_id, build.actor_id))
        for name in fields(build.input_schema)
        if value.get(name) and not secret_values.is_sealed(value[name])
    }


def environment(run: Run, build: Build) -> dict[str, str]:
    """The variables by which an SDK decrypts; none for an Actor without secret fields.

    Secrets of a run that was started before its build was finished, and so before any schema said
    which they are, are encrypted now.
    """
    if not fields(build.input_schema):
        return {}
    if build.finished_at and run.started_at and build.finished_at > run.started_at:
        _seal_record(run, build)
    passphrase = secrets.token_urlsafe(24)
    key = secret_values.locked(_key(run.user_id, build.actor_id), passphrase)
    return {FILE: key, PASSPHRASE: passphrase}


def _seal_record(run: Run, build: Build) -> None:
    record = records.get(run.key_value_store_id, run.input_key)
    if record is None:
        return
    try:
        value = msgspec.json.decode(records.read(record), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return  # no object, so no fields
    changed = sealed(build, run.user_id, value)
    if changed:
        body = msgspec.json.encode({**value, **changed})
        records.put(run.key_value_store_id, run.input_key, body, content_type=record.content_type)


def _key(user_id: str, actor_id: str) -> str:
    """As PEM; ApiError 409 when the key that sealed it is gone."""
    row = InputKey.objects.filter(user_id=user_id, actor_id=actor_id).first()
    if row is None:
        fresh = seal(secret_values.new_key())  # the first of two that come at once counts
        row, _ = InputKey.objects.get_or_create(
            user_id=user_id, actor_id=actor_id, defaults={"sealed": fresh}
        )
    try:
        return unseal(row.sealed)
    except ValueError:
        sentence = "The key of this Actor's secret input cannot be read any more."
        raise ApiError(409, "input-key-sealed", sentence) from None
