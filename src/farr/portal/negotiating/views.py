"""Pages of negotiations: all that one may open, one with its entries, and recording a step."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from farr.portal.access.denied import Denied
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import grants
from farr.portal.contracting.reading import readable
from farr.portal.negotiating.forms import StepForm
from farr.portal.negotiating.models import Entry
from farr.portal.negotiating.recording import add, all_opened, begin, opened
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What


@needs(Permission.SEE_FIGURES)
def negotiations(request: Any) -> HttpResponse:
    """Those about organisations that one was granted, the newest first."""
    return render(request, "negotiations.html", {"listed": all_opened(request.user, grants(request.user))})


@needs(Permission.NEGOTIATE)
@require_http_methods(["GET", "POST"])
def negotiation_new(request: Any, level: str, organisation: str, kind: str, name: str) -> HttpResponse:
    """The first entry, about a statement as it is published now; not about one of two agreements, for it is opened under one."""
    found, grant = readable(request.user, level, organisation, kind, name)
    if found.also:
        raise Denied("no negotiation is recorded about a statement that rests on two agreements: who may open it is told by one")
    record(request, What.SAW, f"{kind} {name} {level} {organisation}", purpose=grant.purpose)
    form = StepForm((), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _recorded(request, begin(request, found, grant, form.cleaned_data))
    about = {"title": found.title, "organisation": found.organisation_name, "finding": found.finding}
    return _writing(request, form, about)


@needs(Permission.SEE_FIGURES)
def negotiation(request: Any, number: int) -> HttpResponse:
    """One, with what was proposed, agreed and delivered."""
    found, grant = opened(number, request.user)
    record(request, What.SAW, f"negotiation {number}", purpose=grant.purpose)
    return render(request, "negotiation.html", {"about": found, "grant": grant})


@needs(Permission.NEGOTIATE)
@require_http_methods(["GET", "POST"])
def negotiation_add(request: Any, number: int) -> HttpResponse:
    """A further entry."""
    found, grant = opened(number, request.user)
    form = StepForm([entry.step for entry in found.every], request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _recorded(request, add(request, found, grant, form.cleaned_data))
    about = {"title": found.title, "organisation": found.organisation, "finding": found.finding}
    return _writing(request, form, about)


def _recorded(request: Any, entry: Entry) -> HttpResponse:
    messages.success(request, f"Recorded as entry {entry.number}. It stays as it is; a further entry can correct it.")
    return redirect("negotiation", entry.negotiation.pk)


def _writing(request: Any, form: StepForm, about: dict[str, str]) -> HttpResponse:
    return render(request, "negotiation_write.html", {"form": form, "about": about}, status=422 if request.method == "POST" else 200)
