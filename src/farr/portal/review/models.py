"""Output that waits for two checkers, what each of them said, and what was said beside. Rows are added, and never changed."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from farr.portal.people.models import User

ENOUGH = 2
"""Votes that decide where they agree."""
MOST = 3
"""Where two disagree, a third decides."""


class Kind(models.TextChoices):
    FILE = "file", "a file of somebody's own"
    HELD = "held", "an answer that the lab holds"


class Vote(models.Model):
    """What one checker says, once. `place` is first, second or third: the database itself has no room for a fourth."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", "Approve"
        REFUSE = "refuse", "Refuse"

    output = models.ForeignKey("Output", on_delete=models.PROTECT, related_name="votes")
    place = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["output", "by"], name="a_checker_votes_once"),
            models.UniqueConstraint(fields=["output", "place"], name="a_place_is_taken_once"),
            models.CheckConstraint(condition=models.Q(place__in=range(1, MOST + 1)), name="three_votes_at_most"),
        ]


class State(models.TextChoices):
    WAITING = "waiting"
    SPLIT = "split"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Output(models.Model):
    """What somebody wants looked at. Of a file its folder under review/, its name and its hash; of a held answer the lab's ids and what
    was asked: `asked` holds the request and the address of the view."""

    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="outputs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200)
    why = models.TextField(max_length=2000)
    agreement = models.CharField(max_length=63)
    purpose = models.CharField(max_length=200)
    folder = models.CharField(max_length=36, blank=True)
    file_name = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    held = models.JSONField(default=list)
    asked = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"output {self.pk}"

    @property
    def is_file(self) -> bool:
        return self.kind == Kind.FILE

    @property
    def keeps_file(self) -> bool:
        """Of what was refused or withdrawn nothing is shown any more, and the file is removed."""
        return self.is_file and self.state not in (State.REFUSED, State.WITHDRAWN)

    @property
    def contents(self) -> frozenset[str]:
        """By what the same thing is known, whoever sends it: the file's hash, or the lab's ids."""
        return frozenset([self.sha256] if self.is_file else self.held)

    @property
    def cast(self) -> list[Vote]:
        """The votes, in the order in which they were cast."""
        return sorted(self.votes.all(), key=lambda vote: vote.place)  # type: ignore[attr-defined]

    @property
    def state(self) -> State:
        """As it is. What somebody may be told of it is another question (seeing.py)."""
        return State.WITHDRAWN if hasattr(self, "withdrawal") else decided([vote.outcome for vote in self.cast])


def decided(outcomes: list[str]) -> State:
    """Two that agree decide; where the first two do not, the third does."""
    if len(outcomes) < ENOUGH:
        return State.WAITING
    if len(set(outcomes[:ENOUGH])) > 1 and len(outcomes) < MOST:
        return State.SPLIT
    return State.APPROVED if outcomes[-1] == Vote.Outcome.APPROVE else State.REFUSED


class Comment(models.Model):
    """What its author or a checker says beside. Who may read it follows the same rule as the votes."""

    output = models.ForeignKey(Output, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)


class Withdrawal(models.Model):
    """The author no longer wants it looked at."""

    output = models.OneToOneField(Output, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class Removal(models.Model):
    """The file of an output that was refused or withdrawn lies here no more; its row and its hash stay."""

    output = models.OneToOneField(Output, on_delete=models.PROTECT, related_name="removal")
    at = models.DateTimeField(default=timezone.now)
