"""Pages of the review: what waits, one output, sending, voting, saying something, withdrawing, and what was approved as a file."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.benchmarks.downloads import as_file
from farr.portal.people.models import User
from farr.portal.review import record as records
from farr.portal.review.forms import CommentForm, SubmitForm, VoteForm
from farr.portal.review.models import Kind, Output, State, Vote
from farr.portal.review.release import commands
from farr.portal.review.scanning import Refused, check_clean
from farr.portal.review.seeing import Seen, all_seen, check_may_download, earlier, seen
from farr.portal.review.store import content_of, forget, keep
from farr.portal.review.table import Table, read_table
from farr.portal.review.voting import check_may_vote, check_room, comment, vote, withdraw
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

_ALL = (Permission.SUBMIT_OUTPUT, Permission.CHECK_OUTPUT, Permission.DOWNLOAD)
_ROWS = 500


@needs(*_ALL)
def outputs(request: Any) -> HttpResponse:
    """What waits for one's vote, what one sent, and what was approved."""
    found = all_seen(request.user, request.permissions)
    context = {
        "waiting": [each for each in found if each.waits_for_me],
        "voted": [each for each in found if each.is_checker and not each.waits_for_me],
        "own": [each for each in found if each.is_author],
        "approved": [each for each in found if each.whom.value == "reader"],
    }
    return render(request, "review.html", context)


@needs(Permission.SUBMIT_OUTPUT)
@require_http_methods(["GET", "POST"])
def submit(request: Any) -> HttpResponse:
    """Sending a table of one's own to the checkers."""
    form = SubmitForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _is_clean(request, form):
        made = _submitted(request, form)
        messages.success(request, "Sent. Two checkers look at it; it waits until both have voted.")
        return redirect("output", made.pk)
    return render(request, "review_submit.html", {"form": form}, status=422 if request.method == "POST" else 200)


@needs(*_ALL)
def output(request: Any, number: int) -> HttpResponse:
    """One output, as the person may see it."""
    found = seen(number, request.user, request.permissions)
    record(request, What.SAW, f"output {number}", purpose=found.output.purpose)
    return _shown(request, found)


@needs(Permission.CHECK_OUTPUT)
@require_http_methods(["POST"])
def output_vote(request: Any, number: int) -> HttpResponse:
    found = seen(number, request.user, request.permissions)
    form = VoteForm(request.POST)
    check_may_vote(found.output, request.user)
    if not form.is_valid():
        return _shown(request, found, vote_form=form)
    if found.output.is_file:
        content_of(found.output)  # nobody votes on what is not there any more
    state = vote(request, found.output, request.user, Vote.Outcome(form.cleaned_data["outcome"]), form.cleaned_data["reason"])
    decided = "" if state in (State.WAITING, State.SPLIT) else f" It is {state}."
    messages.success(request, f"Your vote is cast.{decided}")
    return redirect("output", number)


@needs(Permission.SUBMIT_OUTPUT, Permission.CHECK_OUTPUT)
@require_http_methods(["POST"])
def output_comment(request: Any, number: int) -> HttpResponse:
    found = seen(number, request.user, request.permissions)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, comment_form=form)
    comment(request, found.output, request.user, form.cleaned_data["text"])
    return redirect("output", number)


@needs(Permission.SUBMIT_OUTPUT)
@require_http_methods(["POST"])
def output_withdraw(request: Any, number: int) -> HttpResponse:
    found = seen(number, request.user, request.permissions)
    withdraw(request, found.output, request.user)
    messages.success(request, "Withdrawn. Nobody votes on it any more, and of a file only its name and SHA-256 are kept.")
    return redirect("output", number)


@needs(Permission.SUBMIT_OUTPUT, Permission.DOWNLOAD)
def output_file(request: Any, number: int) -> HttpResponse:
    """What was approved, with the record of its review."""
    found = seen(number, request.user, request.permissions)
    check_may_download(found, request.user)
    record(request, What.DOWNLOADED, f"output {number}", purpose=found.output.purpose, detail={"sha256": found.output.sha256})
    return as_file(records.as_zip(found.output), "application/zip", records.file_name(found.output))


def _is_clean(request: Any, form: SubmitForm) -> bool:
    """Whether the scanner, where there is one, found nothing; else it is written down, and said in the form. Nothing was kept yet."""
    _, content = form.cleaned_data["file"]
    try:
        check_clean(content)
    except Refused as error:
        detail = {"why": str(error), "sha256": hashlib.sha256(content).hexdigest(), "agreement": form.agreement}
        record(request, What.DENIED, f"output of {len(content)} bytes", purpose=form.purpose, detail=detail)
        form.add_error("file", f"{str(error)[:1].upper()}{str(error)[1:]}.")
        return False
    return True


@transaction.atomic
def _submitted(request: Any, form: SubmitForm) -> Output:
    """Raises Denied where too many of the person's wait."""
    user = User.objects.select_for_update().get(pk=request.user.pk)  # files sent at once are counted one after the other
    check_room(user)
    said, (name, content) = form.cleaned_data, form.cleaned_data["file"]
    record(request, What.SUBMITTED, f"output of {len(content)} bytes", purpose=form.purpose, detail={"agreement": form.agreement})
    folder, sha256 = keep(content)
    try:
        return Output.objects.create(
            author=user, kind=Kind.FILE, title=said["title"], why=said["why"], agreement=form.agreement, purpose=form.purpose,
            folder=folder, file_name=name, sha256=sha256,
        )  # fmt: skip
    except Exception:
        forget(folder)
        raise


def _shown(request: Any, found: Seen, *, vote_form: VoteForm | None = None, comment_form: CommentForm | None = None) -> HttpResponse:
    table: Table | None = read_table(content_of(found.output)) if found.output.keeps_file else None
    rows = table.rows if table else ()
    first = int(text) if (text := request.GET.get("from", "")).isdecimal() and len(text) < 6 else 0
    is_wrong = vote_form is not None or comment_form is not None
    context = {
        "seen": found, "output": found.output, "table": table, "rows": rows[first : first + _ROWS], "first": first + 1,
        "more": first + _ROWS if len(rows) > first + _ROWS else None, "fewer": max(first - _ROWS, 0) if first else None,
        "vote_form": vote_form or VoteForm(), "comment_form": comment_form or CommentForm(),
        "earlier": earlier(found.output) if found.is_checker else [], "commands": commands(found),
    }  # fmt: skip
    return render(request, "review_output.html", context, status=422 if is_wrong else 200)
