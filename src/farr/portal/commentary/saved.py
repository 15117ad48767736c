"""Saved views: a name for a page of the portal's own, and nothing that leads anywhere else."""

from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.views.decorators.http import require_http_methods

from farr.portal.access.denied import Denied
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import check_granted
from farr.portal.benchmarks.choices import DEFAULT_NORM, ChoiceError, read_view
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.commentary.forms import SaveForm, name_taken
from farr.portal.commentary.models import SavedView
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

MOST = 200
_KINDS = ("overview", "measure")


@needs(Permission.SEE_FIGURES)
def saved_views(request: Any) -> HttpResponse:
    return render(request, "views.html", {"saved": saved_by(request.user)})


@needs(Permission.SEE_FIGURES)
@require_http_methods(["POST"])
def view_save(request: Any) -> HttpResponse:
    """Keeps the view that `url` names, and goes back to it."""
    form = SaveForm(request.user, request.POST)
    if not form.is_valid():
        return _not_saved(request, [error for errors in form.errors.values() for error in errors])
    if SavedView.objects.filter(user=request.user).count() >= MOST:
        raise Denied(f"you have {MOST} saved views; remove one first")
    view = view_of(form.cleaned_data["url"])
    view.user, view.name = request.user, form.cleaned_data["name"]
    grant = check_granted(request.user, PUBLISHED.contents().agreement, view.level, view.organisation)
    record(request, What.SAVED, view.url, purpose=grant.purpose)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:  # two clicks at once: the name was free when it was looked at
        return _not_saved(request, [name_taken(view.name)])
    messages.success(request, f"Saved as “{view.name}”.")
    return redirect(view.url)


@needs(Permission.SEE_FIGURES)
@require_http_methods(["POST"])
def view_delete(request: Any, number: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=number, user=request.user)
    record(request, What.UNSAVED, view.url)
    view.delete()
    messages.success(request, f"“{view.name}” is removed.")
    return redirect("saved_views")


def _not_saved(request: Any, why: list[Any]) -> HttpResponse:
    return render(request, "views.html", {"saved": saved_by(request.user), "errors": why}, status=422)


def saved_by(user: Any) -> list[SavedView]:
    return list(SavedView.objects.filter(user=user).order_by("name"))


def view_of(url: str) -> SavedView:
    """What an address shows, read apart and never kept as it was sent: what is opened later is put together anew. Raises ChoiceError for
    every address but those of overviews and measures."""
    refused = ChoiceError("only an overview or a measure of this portal can be saved")
    parts = urlsplit(url)
    if not url.startswith("/") or url.startswith(("//", "/\\")) or parts.scheme or parts.netloc or not url.isprintable():
        raise refused
    try:
        found = resolve(unquote(parts.path))
    except Resolver404:
        raise refused from None
    if found.url_name not in _KINDS:
        raise refused
    query, named, contents = QueryDict(parts.query), found.kwargs, PUBLISHED.contents()
    if found.url_name == "measure":
        if named["measure"] not in {each.name for each in contents.measures}:
            raise refused
        view = read_view(named["level"], named["organisation"], named["measure"], query)
        view.request()  # it can be asked for at all
        return SavedView(level=view.level, organisation=view.organisation, measure=view.measure, query=view.query)
    norm = query.get("norm", "")
    known = norm != DEFAULT_NORM and norm in {each.name for each in contents.norms}
    return SavedView(level=named["level"], organisation=named["organisation"], query=urlencode({"norm": norm}) if known else "")
