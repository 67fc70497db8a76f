from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.tasks"
    label = "tasks"
