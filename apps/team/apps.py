from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.team"
    label = "team"
