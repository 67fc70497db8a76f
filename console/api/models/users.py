"""The account behind a token (semantics.md rules 266-272)."""

from datetime import datetime
from typing import Any

from console.api.models.base import Id, Model


class Profile(Model, frozen=True):
    name: str | None = None
    bio: str | None = None
    picture_url: str | None = None
    github_username: str | None = None
    website_url: str | None = None


class PublicUser(Model, frozen=True):
    """What everybody may know of an account (endpoint 108)."""

    username: str = ""
    profile: Profile | None = None

    @property
    def website(self) -> str:
        """Only an address of the web: it becomes a link."""
        url = (self.profile.website_url if self.profile else None) or ""
        return url if url.startswith(("https://", "http://")) else ""


class Me(Model, frozen=True):
    id: Id
    username: str = ""
    email: str | None = None
    profile: Profile | None = None
    plan: dict[str, Any] | None = None
    proxy: dict[str, Any] | None = None


class Cycle(Model, frozen=True):
    """A month of the account, both ends in UTC."""

    start_at: datetime | None = None
    end_at: datetime | None = None


class Limits(Model, frozen=True):
    """Each of the two holds figures by name, `maxActorMemoryGbytes` and the like."""

    monthly_usage_cycle: Cycle = Cycle()
    limits: dict[str, float | None] = {}
    current: dict[str, float | None] = {}


class UsageItem(Model, frozen=True):
    """What one service was used for, its quantity in the unit of that service."""

    quantity: float = 0
    base_amount_usd: float = 0
    base_unit_price_usd: float = 0
    amount_after_volume_discount_usd: float | None = None

    @property
    def usd(self) -> float:
        discounted = self.amount_after_volume_discount_usd
        return self.base_amount_usd if discounted is None else discounted


class DailyUsage(Model, frozen=True):
    date: datetime | None = None
    service_usage: dict[str, UsageItem] = {}
    total_usage_credits_usd: float = 0


class MonthlyUsage(Model, frozen=True):
    """By service and by day (rule 270)."""

    usage_cycle: Cycle = Cycle()
    monthly_service_usage: dict[str, UsageItem] = {}
    daily_service_usages: list[DailyUsage] = []
    total_usage_credits_usd_before_volume_discount: float = 0
    total_usage_credits_usd_after_volume_discount: float = 0
