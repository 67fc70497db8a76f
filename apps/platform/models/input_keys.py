from django.db import models

from apps.platform.domain.clock import now
from apps.platform.models.users import User


class InputKey(models.Model):
    """The key of one account for the secret input of one Actor, made when it is first needed.

    An Actor gets the key of no other, so that it can read nothing that was meant for another.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    actor_id = models.CharField(max_length=17)
    sealed = models.TextField()  # the private key as PEM, encrypted at rest
    created_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "input_key"
        constraints = (models.UniqueConstraint(fields=["user", "actor_id"], name="input_key_of"),)
