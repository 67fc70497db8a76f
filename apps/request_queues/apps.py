from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.request_queues"
    label = "request_queues"
