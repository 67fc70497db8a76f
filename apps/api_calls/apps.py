from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.api_calls"
    label = "api_calls"
