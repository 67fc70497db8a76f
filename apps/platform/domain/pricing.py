"""`pricingInfos` of an Actor as they are taken; `charging` says which of them counts."""

from typing import Any

from apps.platform.domain.errors import invalid_value

FREE = "FREE"
# what clients rely on in an entry of each model
MODELS: dict[str, dict[str, Any]] = {
    FREE: {},
    "FLAT_PRICE_PER_MONTH": {"trialMinutes": 0, "pricePerUnitUsd": 0},
    "PRICE_PER_DATASET_ITEM": {"unitName": "result", "pricePerUnitUsd": 0},
    "PAY_PER_EVENT": {"pricingPerEvent": {"actorChargeEvents": {}}},
}
MOST = 100


def checked(infos: list[Any], moment: str) -> list[dict[str, Any]]:
    """The same with the fields that clients rely on; `moment` is the time as the API writes it."""
    if len(infos) > MOST:
        raise invalid_value(f"pricingInfos may hold at most {MOST} entries")
    made = []
    for info in infos:
        if not isinstance(info, dict) or str(info.get("pricingModel")) not in MODELS:
            raise invalid_value(
                f"each of pricingInfos must be an object whose pricingModel is one of "
                f"{', '.join(MODELS)}"
            )
        times = {name: info.get(name) or moment for name in ("createdAt", "startedAt")}
        if not all(isinstance(time, str) for time in times.values()):
            raise invalid_value("createdAt and startedAt of pricingInfos must be times")
        usual = MODELS[info["pricingModel"]]
        if any(
            isinstance(info.get(name, value), dict) != isinstance(value, dict)
            for name, value in usual.items()
        ):
            raise invalid_value(f"{', '.join(usual)} of pricingInfos have the wrong type")
        made.append({"apifyMarginPercentage": 0, **usual, **info, **times})
    return made
