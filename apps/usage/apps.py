from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.usage"
    label = "usage"
