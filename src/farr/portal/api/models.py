"""Tokens as they are stored: never the token itself, but its SHA-256."""

from django.db import models
from django.utils import timezone

from farr.portal.agreements.files import today
from farr.portal.people.models import User


class Token(models.Model):
    """A token of somebody's for the API. It was shown once, when it was made. `minute` and `calls` count what it asked in the minute
    since the epoch of its last call, in the database, for several processes answer."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)
    minute = models.BigIntegerField(default=0)
    calls = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """'ended', 'expired', else 'live'."""
        if self.ended_at is not None:
            return "ended"
        return "expired" if self.until < today() else "live"
