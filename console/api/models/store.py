"""Actors as the store lists them (semantics.md rule 261)."""

from typing import Any

from console.api.models.actors import ActorStats
from console.api.models.base import Id, Model

# As the API spells them; the store of an API may know others, which then come by link.
CATEGORIES = (
    "AI",
    "AGENTS",
    "AUTOMATION",
    "DEVELOPER_TOOLS",
    "ECOMMERCE",
    "INTEGRATIONS",
    "JOBS",
    "LEAD_GENERATION",
    "MARKETING",
    "NEWS",
    "REAL_ESTATE",
    "SEO_TOOLS",
    "SOCIAL_MEDIA",
    "SPORTS",
    "TRAVEL",
    "VIDEOS",
    "OTHER",
)


class StoreActor(Model, frozen=True):
    id: Id
    name: str = ""
    username: str = ""
    title: str | None = None
    description: str | None = None
    user_full_name: str | None = None
    categories: list[str] | None = None
    stats: ActorStats | None = None
    current_pricing_info: dict[str, Any] | None = None

    @property
    def pricing_model(self) -> str:
        """FREE, FLAT_PRICE_PER_MONTH, PRICE_PER_DATASET_ITEM or PAY_PER_EVENT; "" if unknown."""
        found = (self.current_pricing_info or {}).get("pricingModel")
        return found if isinstance(found, str) else ""
