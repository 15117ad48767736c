"""Where submitted files lie: one folder each in the installation, opened for the portal alone, read only as they were looked at, and
removed once they were refused or withdrawn."""

import hashlib
import uuid
from contextlib import suppress
from pathlib import Path

from django.db.models import Count, Q

from farr.lab.model.durable.disk import replace_file
from farr.lab.model.errors import FarrError
from farr.portal.review.models import ENOUGH, Kind, Output, Removal, Vote
from farr.portal.settings import FARR

_NAME = "output.csv"


class ChangedFile(FarrError):
    """A submitted file is no longer what was looked at, or is gone: it is not shown and not handed out."""


def keep(content: bytes) -> tuple[str, str]:
    """Writes it; its folder, and its SHA-256. Raises OSError and DiskFull."""
    folder = str(uuid.uuid4())
    place = _place(folder)
    place.parent.mkdir(parents=True, mode=0o700)
    place.parent.parent.chmod(0o700)
    replace_file(place, content)
    place.chmod(0o600)
    return folder, hashlib.sha256(content).hexdigest()


def forget(folder: str) -> None:
    """Removes what was kept. Raises OSError."""
    _place(folder).unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        _place(folder).parent.rmdir()


def remove_refused() -> None:
    """Removes the file of each output that was refused or withdrawn, and writes down when. What cannot be removed now is removed after
    the next decision; nobody is shown it meanwhile."""
    refusals = Count("votes", filter=Q(votes__outcome=Vote.Outcome.REFUSE))
    kept = Output.objects.filter(kind=Kind.FILE, removal__isnull=True).annotate(refusals=refusals)
    for output in kept.filter(Q(withdrawal__isnull=False) | Q(refusals__gte=ENOUGH)):
        with suppress(OSError, ValueError):
            forget(str(uuid.UUID(output.folder)))
            Removal.objects.get_or_create(output=output)


def content_of(output: Output) -> bytes:
    """The file as it was submitted. Raises ChangedFile."""
    try:
        content = _place(str(uuid.UUID(output.folder))).read_bytes()
    except (OSError, ValueError):
        raise ChangedFile(f"the file of output {output.pk} cannot be read; restore it from a backup") from None
    if hashlib.sha256(content).hexdigest() != output.sha256:
        raise ChangedFile(
            f"the file of output {output.pk} is not the one that was submitted: it was changed since, and is not handed out; "
            "restore it from a backup, or submit it anew"
        )
    return content


def _place(folder: str) -> Path:
    return FARR.folder / "review" / folder / _NAME
