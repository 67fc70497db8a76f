"""The next firings, in the schedule's zone and the person's, with what is odd about each."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apps.schedules import cron
from apps.schedules.cron import Firing, Jump
from apps.schedules.forms import When

SHOWN = 10
LONGEST_RUN = 30 * 86400


@dataclass(frozen=True, slots=True)
class Row:
    """`skipped` says why nothing would start, `odd` what the clocks do to this firing."""

    at: datetime
    own: datetime
    skipped: str = ""
    odd: str = ""

    @property
    def day(self) -> str:
        """With the year where it is another one."""
        year = "" if self.at.year == datetime.now(UTC).year else f" {self.at.year}"
        return f"{self.at:%a} {self.at.day} {self.at:%b}{year}"

    @property
    def clock(self) -> str:
        return clock(self.at)

    @property
    def own_clock(self) -> str:
        """With the day where it is another one."""
        days = (self.own.date() - self.at.date()).days
        return f"{clock(self.own)} {days:+d} d" if days else clock(self.own)


@dataclass(frozen=True)
class Preview:
    """Without a sentence some field is to be changed first; without rows it never fires."""

    own_zone: str
    expression: str = ""
    sentence: str = ""
    zone: str = ""
    rows: list[Row] = field(default_factory=list)
    jump: Jump | None = None
    usual: float | None = None  # seconds that a run of the slowest target usually takes

    @property
    def places(self) -> tuple[str, str]:
        """Short names of both zones, where they are not the same."""
        found = city(self.zone), city(self.own_zone)
        return found if found[0] != found[1] else (self.zone, self.own_zone)

    @property
    def has_own(self) -> bool:
        return self.own_zone != self.zone


def city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def preview(form: When, own: ZoneInfo, usual: float | None) -> Preview:
    """`form` is bound; faults of its other fields do not matter here."""
    form.is_valid()
    if not form.expression or form.zone is None:
        return Preview(own.key)
    now = datetime.now(UTC)
    found = cron.firings(form.expression, form.zone, now, SHOWN)
    is_exclusive = form.cleaned_data.get("exclusive", False)
    return Preview(
        own.key,
        form.expression,
        cron.sentence(form.expression),
        form.zone.key,
        rows_of(found, own, usual if is_exclusive else None),
        cron.next_jump(form.zone, now),
        usual,
    )


def rows_of(found: list[Firing], own: ZoneInfo, usual: float | None) -> list[Row]:
    """What is skipped starts nothing, so the next is measured from what started last."""
    made = []
    started: datetime | None = None
    for each in found:
        moment = each.at.astimezone(UTC)
        why = skipped(moment - started, usual) if started else ""
        started = started if why else moment
        made.append(Row(each.at, each.at.astimezone(own), why, odd(each)))
    return made


def skipped(gap: timedelta, usual: float | None) -> str:
    if gap < cron.LEAST_APART:
        return "Skipped: less than 10 s after the one before"
    if usual is not None and gap.total_seconds() < usual:
        return "Skipped: the one before is still on"
    return ""


def odd(each: Firing) -> str:
    if each.is_moved:
        return "Clocks go forward: its own time does not exist"
    if each.is_twice and not each.at.fold:
        return "Clocks go back: its time comes twice, this is the first"
    if each.is_twice:
        return "Clocks go back: its time comes twice, this is the second"
    if each.shift:
        return f"Clocks went {'forward' if each.shift > timedelta() else 'back'}"
    return ""


def seconds(text: str) -> float | None:
    """A length that the page carries; None for what is none."""
    try:
        found = float(text[:20])
    except ValueError:
        return None
    return found if 0 < found < LONGEST_RUN else None
