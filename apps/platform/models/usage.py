from django.db import models


class UsageDay(models.Model):
    """How much of a service an account used on a day (UTC)."""

    user_id = models.CharField(max_length=17)
    day = models.DateField()
    service = models.CharField(max_length=40)
    quantity = models.FloatField()

    class Meta:
        db_table = "usage_day"
        constraints = (
            models.UniqueConstraint(fields=["user_id", "day", "service"], name="usage_day_service"),
        )
