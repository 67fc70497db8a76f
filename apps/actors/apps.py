from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.actors"
    label = "actors"
