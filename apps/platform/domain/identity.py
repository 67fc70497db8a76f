import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls. `run_id` is set when the token belongs to one run; `actor_id` is its Actor."""

    user_id: str
    username: str
    general_access: str = "ANYONE_WITH_ID_CAN_READ"
    run_id: str = ""
    actor_id: str = ""


def digest_of(token: str) -> str:
    """What a token is looked up by; its text is not kept."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
