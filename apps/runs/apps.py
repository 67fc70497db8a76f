from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.runs"
    label = "runs"
