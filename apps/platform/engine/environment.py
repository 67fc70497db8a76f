"""The environment of a run's process (runtime-contract.md section 2), made from nothing."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings

from apps.platform.domain.clock import iso, now
from apps.platform.engine import charging, input_secrets, web
from apps.platform.engine.measure import dedicated_cpus
from apps.platform.engine.packages import Packages
from apps.platform.models import Actor, Build, Run, Token, User, Version
from apps.platform.storage import accounts
from apps.platform.storage.secrets import unseal

WHOLE = frozenset(
    {"ACTOR_ID", "ACTOR_RUN_ID", "ACTOR_TASK_ID", "ACTOR_BUILD_ID", "ACTOR_BUILD_NUMBER"}
)
# names that change how the SDKs behave in ways the platform must not allow
FORBIDDEN = frozenset(
    {
        "ACTOR_TEST_PAY_PER_EVENT",
        "ACTOR_USE_CHARGING_LOG_DATASET",
        "APIFY_LOCAL_STORAGE_DIR",
        "CRAWLEE_STORAGE_DIR",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
    }
)


def of(run: Run, build: Build, packages: Packages) -> dict[str, str]:
    """All variables, with a new token that reaches only what belongs to the run."""
    user = User.objects.get(id=run.user_id)
    target = Actor.objects.get(id=build.actor_id)
    Token.objects.filter(run_id=run.id).delete()  # of a process that another runner lost
    token = accounts.add_token(user, run_id=run.id)
    return {
        **_proxy(),
        **_custom(build),
        **packages.environment,
        **_system(run, build, target, user),
        **input_secrets.environment(run, build),
        "APIFY_TOKEN": token,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _proxy() -> dict[str, str]:
    """Where the SDKs learn that there is no proxy. Before the owner's own: theirs may name one."""
    here = urlsplit(settings.PLATFORM_URL)
    return {
        "APIFY_PROXY_HOSTNAME": here.hostname or "",
        "APIFY_PROXY_PORT": str(here.port or {"https": 443}.get(here.scheme, 80)),
        "APIFY_PROXY_STATUS_URL": f"{settings.PLATFORM_URL}/proxy-status",
    }


def _custom(build: Build) -> dict[str, str]:
    version = Version.objects.filter(
        actor_id=build.actor_id, version_number=build.version_number
    ).first()
    return {name: value for name, value in build.variables.items() if name not in FORBIDDEN} | (
        variables_of(version)
    )


def variables_of(version: Version | None) -> dict[str, str]:
    """Those that its owner set, secrets opened (rules 71-74)."""
    found: dict[str, str] = {}
    for variable in (version.env_vars if version else None) or []:
        name, sealed = variable.get("name"), variable.get("sealed")
        value = unseal(sealed) if sealed else variable.get("value")
        if name and value is not None and name not in FORBIDDEN:
            found[name] = str(value)
    return found


def _system(run: Run, build: Build, target: Actor, user: User) -> dict[str, str]:
    doubled = _doubled(run, build, target)
    return {
        **doubled,
        **{_old_name(name): value for name, value in doubled.items()},
        **_addresses(run),
        "APIFY_IS_AT_HOME": "1",
        "APIFY_USER_ID": user.id,
        "APIFY_USER_IS_PAYING": "1",
        "APIFY_PROXY_PASSWORD": user.proxy_password,
        "APIFY_META_ORIGIN": run.meta.get("origin", "API"),
        "APIFY_HEADLESS": "1",
        "APIFY_DEDICATED_CPUS": f"{dedicated_cpus(run.options['memoryMbytes']):g}",
        "APIFY_ACT_ID": target.id,
        "APIFY_ACT_RUN_ID": run.id,
        "ACTOR_FULL_NAME": f"{target.user.username}/{target.name}",
        "ACTOR_BUILD_TAGS": ",".join(
            tag for tag, it in target.tagged_builds.items() if it["buildId"] == build.id
        ),
        "ACTOR_STORAGES_JSON": json.dumps(_storages(run)),
        "ACTOR_MAX_PAID_DATASET_ITEMS": str(run.options.get("maxItems") or ""),
        "ACTOR_RESTART_ON_ERROR": "1" if run.options.get("restartOnError") else "",
        **_charging(run),
        "CRAWLEE_PURGE_ON_START": "0",
    }


def _charging(run: Run) -> dict[str, str]:
    """Only for what is paid per event: the SDKs ask for it elsewhere."""
    if not run.pricing_info:
        return {}
    return {
        "ACTOR_MAX_TOTAL_CHARGE_USD": str(run.options.get("maxTotalChargeUsd") or ""),
        "APIFY_ACTOR_PRICING_INFO": json.dumps(run.pricing_info),
        "APIFY_CHARGED_ACTOR_EVENT_COUNTS": json.dumps(charging.counts(run)),
    }


def _doubled(run: Run, build: Build, target: Actor) -> dict[str, str]:
    """Variables that are set under their old name too."""
    timeout = run.options.get("timeoutSecs") or 0
    started = now()
    return {
        "ACTOR_ID": target.id,
        "ACTOR_RUN_ID": run.id,
        "ACTOR_TASK_ID": run.task_id,
        "ACTOR_BUILD_ID": build.id,
        "ACTOR_BUILD_NUMBER": build.build_number,
        "ACTOR_DEFAULT_DATASET_ID": run.dataset_id,
        "ACTOR_DEFAULT_KEY_VALUE_STORE_ID": run.key_value_store_id,
        "ACTOR_DEFAULT_REQUEST_QUEUE_ID": run.request_queue_id,
        "ACTOR_INPUT_KEY": run.input_key,
        "ACTOR_MEMORY_MBYTES": str(run.options["memoryMbytes"]),
        "ACTOR_STARTED_AT": iso(started),
        "ACTOR_TIMEOUT_AT": iso(started + timedelta(seconds=timeout)) if timeout else "",
    }


def _addresses(run: Run) -> dict[str, str]:
    url = settings.PLATFORM_URL
    port = run.web_address.rpartition(":")[2]
    socket_url = url.replace("http", "ws", 1) + f"/v2/actor-runs/{run.id}/events"
    return {
        "APIFY_API_BASE_URL": url,
        "APIFY_API_PUBLIC_BASE_URL": url,
        "APIFY_CLIENT_BASE_URL": url,
        "APIFY_ACTOR_EVENTS_WS_URL": socket_url,
        "ACTOR_EVENTS_WEBSOCKET_URL": socket_url,
        **dict.fromkeys(("ACTOR_WEB_SERVER_URL", "APIFY_CONTAINER_URL"), web.url_of(run)),
        **dict.fromkeys(("ACTOR_WEB_SERVER_PORT", "APIFY_CONTAINER_PORT"), port),
    }


def _storages(run: Run) -> dict[str, dict[str, str]]:
    return {
        "keyValueStores": {"default": run.key_value_store_id},
        "datasets": {"default": run.dataset_id},
        "requestQueues": {"default": run.request_queue_id},
    }


def _old_name(name: str) -> str:
    """APIFY_ACTOR_RUN_ID, but APIFY_INPUT_KEY."""
    return f"APIFY_{name}" if name in WHOLE else name.replace("ACTOR_", "APIFY_", 1)
