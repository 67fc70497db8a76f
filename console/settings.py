"""Settings of both halves, read from the environment (docs/deployment.md lists the variables)."""

import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import environ
from csp import constants as csp

from console import logs
from console.keys import read_keys, read_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

HOME = Path(env.str("CALLBOARD_HOME", default=str(BASE_DIR / "var"))).resolve()
PLATFORM_ON = env.bool("CALLBOARD_PLATFORM", default=True)
DEBUG = env.bool("CALLBOARD_DEBUG", default=False)
HTTPS = env.bool("CALLBOARD_HTTPS", default=False)

SECRET_KEY = env.str("CALLBOARD_SECRET_KEY", default="") or read_secret_key(HOME)
FERNET_KEYS = env.list("CALLBOARD_FERNET_KEYS", default=[]) or read_keys(HOME)
ALLOWED_HOSTS = env.list("CALLBOARD_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CALLBOARD_TRUSTED_ORIGINS", default=[])

ROOT_URLCONF = "console.urls"
ASGI_APPLICATION = "console.asgi.app"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "heroicons",
    "csp",
    "axes",
    "console",
    "apps.team",
    "apps.account",
    "apps.home",
    "apps.operations",
    "apps.actors",
    "apps.builds",
    "apps.runs",
    "apps.schedules",
    "apps.tasks",
    "apps.datasets",
    "apps.key_value_stores",
    "apps.request_queues",
    "apps.webhooks",
    "apps.api_calls",
    "apps.search",
    "apps.store",
    "apps.usage",
]
if PLATFORM_ON:
    INSTALLED_APPS += ["apps.platform"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "console.serving.AssetsMiddleware",
    "console.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.team.people.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "console.middleware.Gate",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["console.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]


SQLITE_SYNCHRONOUS = env.str("CALLBOARD_SQLITE_SYNCHRONOUS", default="full")


def sqlite(name: str) -> dict[str, object]:
    """IMMEDIATE avoids the upgrade deadlock; `full` keeps what was answered over a power cut
    (docs/decisions/0009-one-sync-per-answer.md)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(HOME / name),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA foreign_keys=ON;"
            # to overwrite what is deleted takes as much room, which a full disk does not have
            f"PRAGMA secure_delete=FAST;PRAGMA synchronous={SQLITE_SYNCHRONOUS};",
        },
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(HOME / f"test-{os.getpid()}-{name}")},  # in memory, threads collide
    }


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "console.caching.short_key",
    }
}
DATABASES = {
    "default": env.db_url("DATABASE_URL")
    if env.str("DATABASE_URL", default="")
    else sqlite("console.sqlite3"),
}
if PLATFORM_ON:
    DATABASES["platform"] = (
        env.db_url("PLATFORM_DATABASE_URL")
        if env.str("PLATFORM_DATABASE_URL", default="")
        else sqlite("platform.sqlite3")
    )
DATABASE_ROUTERS = ["console.databases.Router"]

AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "apps.team.backends.TokenBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
]
SIGN_IN_BY_TOKEN = env.str("CALLBOARD_SIGN_IN_BY_TOKEN", default="")  # a role, or off
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "apps.team.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "team:sign_in"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "console.sessions"
# Browsers keep cookies by host, not by port: two Consoles on one machine must not share one.
SESSION_COOKIE_NAME = f"sessionid_{sha256(f'cookie {SECRET_KEY}'.encode()).hexdigest()[:8]}"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "console.errors.csrf_failed"
SECURE_HSTS_SECONDS = env.int("CALLBOARD_HSTS_SECONDS", default=0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"  # with no-referrer, browsers post "Origin: null"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        "script-src": [csp.SELF, csp.NONCE],
        "style-src": [csp.SELF],
        "img-src": [csp.SELF, "data:"],
        "connect-src": [csp.SELF],
        "form-action": [csp.SELF],
        "frame-ancestors": [csp.NONE],
        "base-uri": [csp.NONE],
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

VERSION = "0.1.0"
API_THREADS = env.int("CALLBOARD_API_THREADS", default=64)
SEAT_OF = "apps.team.workspaces.seat_of"
WORKSPACES = "apps.team.workspaces.all_workspaces"

MAIL_ON = bool(env.str("CALLBOARD_EMAIL_URL", default=""))
vars().update(env.email("CALLBOARD_EMAIL_URL", default="dummymail://"))
DEFAULT_FROM_EMAIL = env.str("CALLBOARD_EMAIL_FROM", default="callboard@localhost")
EMAIL_TIMEOUT = 10  # seconds

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = HOME / "static"

REDIS_URL = env.str("REDIS_URL", default=f"unix://{HOME}/redis.sock")
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ROUTES = {
    "apps.platform.jobs.start_runs": {"queue": "runs"},
    "apps.platform.jobs.start_build": {"queue": "builds"},
    "apps.platform.jobs.send_webhooks": {"queue": "runs"},
}

PLATFORM_URL = env.str("CALLBOARD_PLATFORM_URL", default="http://127.0.0.1:8010").rstrip("/")
CONSOLE_URL = env.str("CALLBOARD_CONSOLE_URL", default="http://127.0.0.1:8000").rstrip("/")
PLATFORM_RATE_LIMITS = env.float("CALLBOARD_PLATFORM_RATE_LIMITS", default=1.0)  # scale; 0: off
PLATFORM_SYNCHRONOUS_SECONDS = env.int("CALLBOARD_PLATFORM_SYNCHRONOUS_SECONDS", default=300)
PLATFORM_THREADS = env.int("CALLBOARD_PLATFORM_THREADS", default=16)
PLATFORM_RESTRICTED = env.bool("CALLBOARD_PLATFORM_RESTRICTED", default=False)  # new accounts
PLATFORM_DEMO_SITE = env.bool("CALLBOARD_DEMO_SITE", default=False)
PLATFORM_MOST_ITEMS = env.int("CALLBOARD_PLATFORM_MOST_ITEMS", default=250_000)  # in one answer
PLATFORM_LOG_MAX_CHARS = env.int("CALLBOARD_PLATFORM_LOG_MAX_CHARS", default=5_000_000)
PLATFORM_LEAST_ROOM_MBYTES = env.int("CALLBOARD_PLATFORM_LEAST_ROOM_MBYTES", default=64)
PLATFORM_SANDBOX = env.str("CALLBOARD_SANDBOX", default="auto")  # or full, limits
PLATFORM_RUNNER_HOST = env.str("CALLBOARD_RUNNER_HOST", default="127.0.0.1")  # for web servers
PLATFORM_MEMORY_MBYTES = env.int("CALLBOARD_RUNNER_MEMORY_MBYTES", default=0)  # 0: three quarters
PLATFORM_WEBHOOK_MINUTE = env.float("CALLBOARD_WEBHOOK_MINUTE", default=60.0)  # seconds
PLATFORM_WEBHOOK_SECONDS = env.float("CALLBOARD_WEBHOOK_SECONDS", default=120.0)  # an attempt
# what webhooks and builds may call besides the public internet
PLATFORM_OUTBOUND_LOOPBACK = env.bool("CALLBOARD_OUTBOUND_LOOPBACK", default=False)
PLATFORM_OUTBOUND_NETWORKS = env.list("CALLBOARD_OUTBOUND_NETWORKS", default=[])  # as 10.0.0.0/8
PLATFORM_OUTBOUND_PORTS = env.list("CALLBOARD_OUTBOUND_PORTS", default=["80", "443", "1024-65535"])

LOGGING = logs.CONFIG

# a form of an input may hold thousands of rows, and carries the value that it began with
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 150_000
