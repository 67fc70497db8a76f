"""Settings of both halves, read from the environment (docs/deployment.md lists the variables)."""

from pathlib import Path

import environ

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
    "apps.datasets",
    "apps.key_value_stores",
    "apps.request_queues",
]
if PLATFORM_ON:
    INSTALLED_APPS += ["apps.platform"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "console.static.AssetsMiddleware",
    "console.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
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
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]


def sqlite(name: str) -> dict[str, object]:
    """IMMEDIATE avoids the upgrade deadlock; FULL keeps an acknowledged commit over power loss."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(HOME / name),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON;",
        },
        "CONN_MAX_AGE": None,
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
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "team:sign_in"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

VERSION = "0.1.0"
API_THREADS = env.int("CALLBOARD_API_THREADS", default=64)
SEAT_OF = "apps.team.workspaces.seat_of"
CSRF_FAILURE_VIEW = "console.errors.csrf_failed"

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
    "apps.platform.jobs.start_run": {"queue": "runs"},
    "apps.platform.jobs.start_build": {"queue": "builds"},
}
