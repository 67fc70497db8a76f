"""The Console's entry: `uvicorn console.asgi:app`. What happens then is in `console.router`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
django.setup()

from console.router import Router  # noqa: E402 - Django's apps must be set up before it is imported

app = Router()
