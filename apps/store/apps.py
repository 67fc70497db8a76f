from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.store"
    label = "store"
