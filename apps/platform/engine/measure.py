"""Statistics and usage of a run, from samples (semantics.md rule 128)."""

from dataclasses import dataclass
from typing import Any

from apps.platform.domain.usage import compute_units
from apps.platform.engine.process import Sample
from apps.platform.models import Dataset, KeyValueStore, RequestQueue, Run


@dataclass
class Series:
    count: int = 0
    total: float = 0.0
    highest: float = 0.0
    current: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        self.total += value
        self.highest = max(self.highest, value)
        self.current = value

    def values(self) -> dict[str, float]:
        average = self.total / self.count if self.count else 0.0
        return {"avg": average, "max": self.highest, "current": self.current}


class Meter:
    """Collects samples of one stretch of running on top of what earlier stretches left."""

    def __init__(self, stats: dict[str, Any]) -> None:
        self.before = dict(stats)
        self.memory = Series()
        self.cpu = Series()
        self.peak = 0

    def add(self, sample: Sample) -> None:
        self.memory.add(sample.memory)
        self.cpu.add(sample.cpu)

    def stats(self, seconds: float, memory_mbytes: int) -> dict[str, Any]:
        """The run's stats after `seconds` of this stretch."""
        memory, cpu = self.memory.values(), self.cpu.values()
        run_time = self.before.get("runTimeSecs", 0) + seconds
        units = self.before.get("computeUnits", 0) + compute_units(memory_mbytes, seconds)
        return {
            **self.before,
            "memAvgBytes": int(memory["avg"]),
            "memMaxBytes": int(max(memory["max"], self.peak, self.before.get("memMaxBytes", 0))),
            "memCurrentBytes": int(memory["current"]),
            "cpuAvgUsage": round(cpu["avg"], 3),
            "cpuMaxUsage": round(max(cpu["max"], self.before.get("cpuMaxUsage", 0)), 3),
            "cpuCurrentUsage": round(cpu["current"], 3),
            "netRxBytes": 0,
            "netTxBytes": 0,
            "durationMillis": int(run_time * 1000),
            "runTimeSecs": round(run_time, 3),
            "metamorph": self.before.get("metamorph", 0),
            "computeUnits": round(units, 9),
        }


def dedicated_cpus(memory_mbytes: int) -> float:
    """What the API promises for the memory (runtime-contract.md section 2)."""
    return memory_mbytes / 4096


def usage_of(storages: dict[str, float], stats: dict[str, Any]) -> dict[str, float]:
    """Quantities per service: the run's compute units and the work of its default storages."""
    return {"ACTOR_COMPUTE_UNITS": stats.get("computeUnits", 0), **storages}


def storages_of(run: Run) -> dict[str, float]:
    usage: dict[str, float] = {}
    dataset = Dataset.objects.filter(id=run.dataset_id).first()
    if dataset:
        usage |= {"DATASET_READS": dataset.read_count, "DATASET_WRITES": dataset.write_count}
    store = KeyValueStore.objects.filter(id=run.key_value_store_id).first()
    if store:
        usage |= {
            "KEY_VALUE_STORE_READS": store.read_count,
            "KEY_VALUE_STORE_WRITES": store.write_count,
            "KEY_VALUE_STORE_LISTS": store.list_count,
        }
    queue = RequestQueue.objects.filter(id=run.request_queue_id).first()
    if queue:
        usage |= {
            "REQUEST_QUEUE_READS": queue.read_count + queue.head_read_count,
            "REQUEST_QUEUE_WRITES": queue.write_count + queue.delete_count,
        }
    return usage
