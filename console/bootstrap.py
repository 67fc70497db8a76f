"""Makes the virtual environment from the hash-pinned lock; standard library only."""


def ensure_environment(argv: list[str]) -> None:
    """Placeholder until the environment maker lands."""
