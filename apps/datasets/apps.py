from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.datasets"
    label = "datasets"
