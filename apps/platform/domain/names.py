"""Names: those that people choose of accounts, Actors and versions, those in a profile."""

import re

PROFILE = ("bio", "name", "pictureUrl", "githubUsername", "websiteUrl", "twitterUsername")
_USERNAME = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._-]{1,61})[0-9A-Za-z]\Z")
_ACTOR = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?\Z", re.IGNORECASE)
_VERSION = re.compile(r"([0-9]|[1-9][0-9])\.([0-9]|[1-9][0-9])\Z")
_TAG = re.compile(r"[0-9A-Za-z._-]{1,64}\Z")


def is_username(name: str) -> bool:
    return bool(_USERNAME.match(name))


def is_actor_name(name: str) -> bool:
    """1 to 63 letters, digits and dashes, no dash at either end."""
    return bool(_ACTOR.match(name))


def is_version_number(number: str) -> bool:
    """MAJOR.MINOR (semantics.md rule 70)."""
    return bool(_VERSION.match(number))


def is_build_tag(tag: str) -> bool:
    return bool(_TAG.match(tag))
