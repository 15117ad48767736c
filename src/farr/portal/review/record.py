"""What is handed out of an approved output: the very file, and beside it who approved it, when, and why."""

import io
import re
import zipfile
from textwrap import indent

from django.utils import timezone

from farr.portal.review.models import Output, Vote
from farr.portal.review.store import content_of

_WHEN = (1980, 1, 1, 0, 0, 0)  # the same output is the same archive


def file_name(output: Output) -> str:
    return f"output-{output.pk}-" + re.sub(r"[^a-z0-9]+", "-", output.title.lower()).strip("-")[:60] + ".zip"


def as_zip(output: Output) -> bytes:
    """Raises ChangedFile where the file is not what was approved."""
    table = content_of(output)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("output.csv", table), ("review.txt", as_text(output).encode())):
            archive.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_text(output: Output) -> str:
    """The review in words, for whoever finds the file later."""
    lines = [
        f"Output {output.pk}: {' '.join(output.title.split())}",
        f"File: output.csv, SHA-256 {output.sha256}",
        f"By {output.author.name}, submitted on {_day(output.submitted_at)}, under agreement {output.agreement}, for {output.purpose}",
        f"Why:\n{_beneath(output.why)}",
        "",
        f"{output.state.label}. Each checker voted without knowing of the other; where two disagreed, a third decided.",
    ]
    lines += [f"- {_said(vote)}" for vote in output.cast]
    lines += ["", "It was made outside Farr's gate: people checked it, and no machine protected it. Pass on neither more nor less of it."]
    return "\n".join(lines) + "\n"


def _said(vote: Vote) -> str:
    return f"{vote.by.name} voted to {vote.outcome} on {_day(vote.at)}:\n{_beneath(vote.reason)}"


def _beneath(words: str) -> str:
    """What somebody wrote, so that no line of it can be taken for one of the review's own."""
    return indent(words, "    ")


def _day(moment) -> str:  # noqa: ANN001  a datetime
    return timezone.localtime(moment).strftime("%-d %B %Y, %H:%M")
