from django.apps import AppConfig


class Config(AppConfig):
    name = "console"
    label = "console"

    def ready(self) -> None:
        from console.checks import refuse

        refuse()
