from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.builds"
    label = "builds"
