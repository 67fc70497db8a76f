"""One module per resource; Django finds the tables through this list."""

from apps.platform.models.actors import Actor, Version
from apps.platform.models.builds import Build
from apps.platform.models.runs import Run
from apps.platform.models.users import Token, User

__all__ = ["Actor", "Build", "Run", "Token", "User", "Version"]
