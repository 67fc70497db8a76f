from django.conf import settings
from django.db import models


class ChosenColumns(models.Model):
    """Which columns a person wants to see of an Actor's datasets, or of one dataset.

    `of` is the id of the Actor, or of the dataset where no Actor made it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey("team.Workspace", on_delete=models.CASCADE, related_name="+")
    of = models.CharField(max_length=64)
    fields = models.JSONField()
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "workspace", "of"], name="columns_once_per_person"
            )
        ]
