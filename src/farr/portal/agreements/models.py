"""Access: asked for a purpose, approved by the Guardian and the risk owner, until a date. Rows are added, and never changed."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from farr.portal.people.models import User


class Outcome(models.TextChoices):
    APPROVED = "approved"
    REFUSED = "refused"


class AsWhom(models.TextChoices):
    GUARDIAN = "guardian", "Caldicott Guardian"
    RISK_OWNER = "risk-owner", "senior information risk owner"


class AccessRequest(models.Model):
    """Somebody asks to see an organisation's figures, under an agreement, for a purpose, until a date."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    agreement = models.CharField(max_length=63)
    purpose = models.CharField(max_length=200)
    level = models.CharField(max_length=63)
    organisation = models.CharField(max_length=40)
    why = models.TextField(max_length=2000)
    until = models.DateField()
    asked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"request {self.pk}"

    @property
    def state(self) -> str:
        """'ended', 'refused', 'lapsed', 'approved' by both, else 'waiting'."""
        said = {each.as_whom: each.outcome for each in self.decisions.all()}  # type: ignore[attr-defined]
        if hasattr(self, "ending"):
            return "ended"
        if Outcome.REFUSED in said.values():
            return "refused"
        if self.until < timezone.localdate():
            return "lapsed"
        return "approved" if {AsWhom.GUARDIAN, AsWhom.RISK_OWNER} <= set(said) else "waiting"


class Decision(models.Model):
    """What the Guardian, or the risk owner, says of a request: once each."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="decisions")
    as_whom = models.CharField(max_length=20, choices=AsWhom.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "as_whom"], name="each_decides_once"),
            models.UniqueConstraint(fields=["request", "by"], name="two_people_decide"),
        ]


class Ending(models.Model):
    """An access that was ended before its date."""

    request = models.OneToOneField(AccessRequest, on_delete=models.PROTECT, related_name="ending")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)
