from django.conf import settings
from django.db import models

from console.outcomes import ASKED, DONE, FAILED, SENT, UNKNOWN, VERBS, outcome
from console.templatetags.ui import status_word

WORDS = {
    SENT: ("Sent", ""),
    UNKNOWN: ("Checking", "warn"),
    ASKED: ("Not found", "warn"),
    FAILED: ("Not done", "bad"),
}
TONES = {"RUNNING": "accent", "SUCCEEDED": "ok", "FAILED": "bad", "TIMED-OUT": "warn"}
WANTED, DUE, MAILED, UNDELIVERED = "wanted", "due", "sent", "failed"


class Intent(models.Model):
    """One click that makes the API do something, and what became of it; or, of the kinds
    `run.watch` and `build.watch`, work of others that a person wants to be told of.

    `sent` until the answer is here, then `done` or `failed` (nothing was done). `unknown` while a
    lost answer is looked for, `asked` when it was not found and the person must decide. `mark` goes
    into the User-Agent. Once done, `status` follows the run or build `object_id`. `mail` is empty,
    `wanted` until the end, then `due`, then `sent` or `failed`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    workspace = models.ForeignKey("team.Workspace", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    state = models.CharField(max_length=8, default="sent")
    subject = models.CharField(max_length=200)
    target_id = models.CharField(max_length=200)
    mark = models.CharField(max_length=32)
    options = models.JSONField(default=dict)
    sent_at = models.DateTimeField()
    object_kind = models.CharField(max_length=8)
    object_id = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=32, blank=True)
    sentence = models.TextField(blank=True)
    is_over = models.BooleanField(default=False)
    is_seen = models.BooleanField(default=True)
    is_told = models.BooleanField(default=False)
    by_browser = models.BooleanField(default=False)
    mail = models.CharField(max_length=8, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_intent_per_key")]
        indexes = [
            models.Index(fields=["workspace", "is_over"], name="intent_open"),
            models.Index(fields=["user", "workspace", "-id"], name="intent_mine"),
            models.Index(fields=["workspace", "object_id"], name="intent_object"),
            models.Index(fields=["id"], name="intent_mail", condition=models.Q(mail=DUE)),
            models.Index(
                fields=["user", "workspace"],
                name="intent_unseen",
                condition=models.Q(is_seen=False),
            ),
        ]

    @property
    def verb(self) -> str:
        return VERBS[self.kind]

    @property
    def page(self) -> str:
        return outcome(self).url

    @property
    def word(self) -> str:
        return status_word(self.status) if self.state == DONE else WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "") if self.state == DONE else WORDS[self.state][1]

    @property
    def ending(self) -> str:
        return status_word(self.status).lower()

    @property
    def ending_tone(self) -> str:
        return {"SUCCEEDED": "success", "FAILED": "error"}.get(self.status, "warning")

    @property
    def is_open(self) -> bool:
        return self.state in (SENT, UNKNOWN)
