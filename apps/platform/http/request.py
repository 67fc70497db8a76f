import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from apps.platform.domain.errors import ApiError, invalid_request, token_missing
from apps.platform.domain.identity import Identity
from apps.platform.http import json
from apps.platform.http.params import Query


@dataclass(slots=True)
class ApiRequest:
    """What a handler gets. `body` is decoded; raw routes get `file`, the body as it was sent."""

    method: str
    path: str
    params: dict[str, str]
    query: Query
    headers: Mapping[str, str]  # names in lower case
    identity: Identity | None
    base_url: str
    client_ip: str
    body: bytes = b""
    file: IO[bytes] = field(default_factory=io.BytesIO)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def user_agent(self) -> str:
        return self.headers.get("user-agent", "")

    def json(self) -> Any:
        """The body as JSON; ApiError 400 or, with another content type, 415 (rule 2)."""
        self.require_json()
        return json.decode(self.body)

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object (rule 7)."""
        value = self.json()
        if not isinstance(value, dict):
            raise invalid_request("POST data must be a JSON object")
        return value

    def require_json(self) -> None:
        kind = self.content_type.partition(";")[0].strip().lower()
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise ApiError(
                415,
                "unsupported-content-type",
                f"Content-Type {kind} is not supported here, send application/json",
            )

    def require_identity(self) -> Identity:
        if self.identity is None:
            raise token_missing()
        return self.identity
