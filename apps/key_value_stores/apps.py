from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.key_value_stores"
    label = "key_value_stores"
