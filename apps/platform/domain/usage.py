"""How much was used; `prices` says what it costs."""


def compute_units(memory_mbytes: float, seconds: float) -> float:
    """One unit is one GB for one hour."""
    return memory_mbytes / 1024 * seconds / 3600
