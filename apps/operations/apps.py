from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.operations"
    label = "operations"
