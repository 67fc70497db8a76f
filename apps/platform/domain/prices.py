"""Dollars by the unit price of today (semantics.md rule 100)."""

from collections.abc import Mapping

UNIT_USD: dict[str, float] = {
    "ACTOR_COMPUTE_UNITS": 0.25,
    "DATASET_READS": 0.0000004,
    "DATASET_WRITES": 0.000005,
    "KEY_VALUE_STORE_READS": 0.000005,
    "KEY_VALUE_STORE_WRITES": 0.00005,
    "KEY_VALUE_STORE_LISTS": 0.00005,
    "REQUEST_QUEUE_READS": 0.000004,
    "REQUEST_QUEUE_WRITES": 0.00002,
    "DATA_TRANSFER_INTERNAL_GBYTES": 0.05,
    "DATA_TRANSFER_EXTERNAL_GBYTES": 0.2,
    "PROXY_RESIDENTIAL_TRANSFER_GBYTES": 0.0,
    "PROXY_SERPS": 0.0,
}
NOTHING = dict.fromkeys(UNIT_USD, 0)


def dollars(usage: Mapping[str, float]) -> dict[str, float]:
    """Service -> US dollars, for every service."""
    return {name: usage.get(name, 0) * price for name, price in UNIT_USD.items()}


def total_dollars(usage: Mapping[str, float]) -> float:
    total = 0.0
    for name, amount in usage.items():  # a hundred times for a list of runs: no generator
        total += amount * UNIT_USD.get(name, 0.0)
    return total
