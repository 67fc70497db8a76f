"""One-time sign-in links: the secret is in the link alone, its hash in the database."""

import hashlib
import secrets
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from apps.team.models import SignInLink, User

LIFETIME = timedelta(hours=1)


def make(user: User, *, lifetime: timedelta = LIFETIME) -> str:
    """The path of a new link, to be put behind the Console's address."""
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lt=now).delete()
    SignInLink.objects.create(user=user, digest=digest(secret), expires_at=now + lifetime)
    return reverse("team:link", args=[secret])


def use(secret: str) -> User | None:
    """Whom the link signs in, once: of two that come together, one finds the row gone."""
    link = (
        SignInLink.objects.filter(digest=digest(secret), expires_at__gt=timezone.now())
        .select_related("user")
        .first()
    )
    if link is None:
        return None
    deleted, _ = SignInLink.objects.filter(pk=link.pk).delete()
    return link.user if deleted and link.user.is_active else None


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
