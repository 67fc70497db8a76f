from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.platform"
    label = "platform"
