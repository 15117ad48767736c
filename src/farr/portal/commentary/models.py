"""Commentary in versions, each with the page that it rests on; views that people keep; and what each was last told of.

Rows are added and never changed, but for saved views, which their owner may remove."""

import gzip
import hashlib
from typing import ClassVar

from django.db import models
from django.http import QueryDict
from django.utils import timezone

from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Page
from farr.portal.agreements.models import Outcome
from farr.portal.benchmarks.choices import View
from farr.portal.people.models import User


class ChangedVersion(FarrError):
    """What a version rests on is no longer what was kept with it."""


class Commentary(models.Model):
    """What somebody writes of one view of one measure: `query` is that of its address."""

    level = models.CharField(max_length=63)
    organisation = models.CharField(max_length=40)
    measure = models.CharField(max_length=63)
    query = models.TextField(blank=True)
    agreement = models.CharField(max_length=63)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="commentaries")
    started_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"commentary {self.pk}"

    @property
    def url(self) -> str:
        """Where what it is about is shown."""
        return _address(self.level, self.organisation, self.measure, self.query)

    @property
    def every(self) -> list["Version"]:
        """The versions, the newest first."""
        return sorted(self.versions.all(), key=lambda version: -version.number)  # type: ignore[attr-defined]

    @property
    def approved(self) -> "Version | None":
        """The latest that a second person approved."""
        return next((version for version in self.every if version.state == Outcome.APPROVED), None)


class Version(models.Model):
    """One wording, of one page: the releases it rests on, the figures as they were filled in, the numbers that its author typed, and the
    page itself, so that a pack says the same whenever it is made."""

    commentary = models.ForeignKey(Commentary, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=10_000)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    made_at = models.CharField(max_length=40)
    releases = models.JSONField(default=list)
    figures = models.JSONField(default=dict)
    typed = models.JSONField(default=list)
    page = models.BinaryField()
    page_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["commentary", "number"], name="a_version_is_written_once"),
        ]

    @property
    def state(self) -> str:
        return self.decision.outcome if hasattr(self, "decision") else "draft"  # type: ignore[attr-defined]

    @property
    def is_draft(self) -> bool:
        return self.state != Outcome.APPROVED

    def shown(self) -> Page:
        """The page that it was written of. Raises ChangedVersion."""
        raw = bytes(self.page)
        if hashlib.sha256(raw).hexdigest() != self.page_sha256:
            raise ChangedVersion(
                f"what version {self.number} rests on was changed since it was written; restore the database from a backup"
            )
        return Page.model_validate_json(gzip.decompress(raw))


class CommentaryDecision(models.Model):
    """What a second person says of a version, once."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)


class SavedView(models.Model):
    """A view that somebody comes back to. `measure` is empty for an overview."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=63)
    organisation = models.CharField(max_length=40)
    measure = models.CharField(max_length=63, blank=True)
    query = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="a_name_is_used_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def norm(self) -> str:
        """The norm that its address names; empty for the default."""
        return QueryDict(self.query).get("norm", "")

    @property
    def url(self) -> str:
        return _address(self.level, self.organisation, self.measure, self.query)


class Edition(models.Model):
    """Of one overview as it was published at one time, under one agreement: title and verdict of each measure, and no figure. The
    agreement of editions from before it was kept is empty: they are compared with nothing."""

    agreement = models.CharField(max_length=63, default="")
    level = models.CharField(max_length=63)
    organisation = models.CharField(max_length=40)
    norm = models.CharField(max_length=63)
    made_at = models.CharField(max_length=40)
    verdicts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["agreement", "level", "organisation", "norm", "made_at"], name="an_edition_is_kept_once"),
        ]


class Told(models.Model):
    """That somebody was told what is new in an edition, or begins with it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="told")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)


def _address(level: str, organisation: str, measure: str, query: str) -> str:
    """That of a view; without a measure that of the overview, which is the same but for the measure."""
    path = View(level=level, organisation=organisation, measure=measure).path
    return (path if measure else path.removesuffix("/")) + (f"?{query}" if query else "")
