"""A negotiation about what a statement found, and its entries: proposed, agreed and delivered. Rows are added and never changed."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils import timezone

from farr.portal.people.models import User


class Step(models.TextChoices):
    """What an entry records. The value stands in the database."""

    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    DELIVERED = "delivered", "Delivered"


class Negotiation(models.Model):
    """About one statement: its finding and the releases that it rested on when the negotiation began, so that later readers see what it
    began from."""

    level = models.CharField(max_length=63)
    organisation = models.CharField(max_length=40)
    kind = models.CharField(max_length=63)
    name = models.CharField(max_length=63)
    title = models.CharField(max_length=200)
    finding = models.TextField()
    made_at = models.CharField(max_length=40)
    releases = models.JSONField(default=list)
    agreement = models.CharField(max_length=63)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="negotiations")
    started_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"negotiation {self.pk}"

    @property
    def every(self) -> list["Entry"]:
        """Its entries, in the order they were written."""
        return sorted(self.entries.all(), key=lambda entry: entry.number)  # type: ignore[attr-defined]

    @property
    def agreed(self) -> "Entry | None":
        """The terms that hold: the latest that were agreed."""
        return next((entry for entry in reversed(self.every) if entry.step == Step.AGREED), None)

    @property
    def delivered(self) -> Decimal:
        """Pounds delivered so far: every entry tells of its own time, and they are added up."""
        return sum((entry.pounds for entry in self.every if entry.step == Step.DELIVERED and entry.pounds is not None), Decimal(0))


class Entry(models.Model):
    """One step: on which day, in words, and in pounds a year (delivered: in pounds of the time since the entry before) where it is money.
    Less than nothing is money lost. Figures are those of whoever wrote them: nobody released them."""

    negotiation = models.ForeignKey(Negotiation, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=20, choices=Step.choices)
    on = models.DateField()
    text = models.TextField(max_length=2000)
    pounds = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["negotiation", "number"], name="an_entry_is_written_once"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number}"
