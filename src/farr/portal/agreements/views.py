"""Pages of agreements and access: the public register, one's own access, what waits for a decision, and who has access."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from farr.portal.access.denied import Denied
from farr.portal.access.middleware import PURPOSE
from farr.portal.access.needs import check_permission, is_open, needs
from farr.portal.access.roles import Permission
from farr.portal.agreements.deciding import as_whom, check_may_decide, decide, end
from farr.portal.agreements.files import held, is_live
from farr.portal.agreements.forms import DecisionForm, ReasonForm, RequestForm
from farr.portal.agreements.grants import purposes
from farr.portal.agreements.models import AccessRequest, Outcome
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What

_ACCESS = (Permission.REQUEST_ACCESS, Permission.SEE_ACCESS)


@is_open
def register(request: HttpRequest) -> HttpResponse:
    """Every agreement: for what, on which basis, with which data, from when to when. Public, without a name of a user."""
    there = held()
    listed = [(each, is_live(each)) for each in there.agreements]
    return render(request, "register.html", {"agreements": listed, "unreadable": there.unreadable})


@needs(Permission.SEE_FIGURES)
@require_http_methods(["POST"])
def purpose(request: Any) -> HttpResponse:
    """For what the person looks from now on in this session: one of the purposes of their live access."""
    chosen = request.POST.get("purpose", "")
    if chosen not in purposes(request.user):
        raise Denied("you have no access for this purpose; ask for it under Access, or choose a purpose of the access that you have")
    request.session[PURPOSE] = chosen
    messages.success(request, f"Figures are now shown to you for this purpose, wherever your access is for it: {chosen}.")
    return redirect(f"{reverse('home')}?list")


@needs(*_ACCESS)
def access(request: Any) -> HttpResponse:
    """One's own requests; for those who answer for the data, everybody's."""
    everybody = Permission.SEE_ACCESS in request.permissions
    asked = AccessRequest.objects.select_related("user", "ending").prefetch_related("decisions__by").order_by("-pk")
    shown = list(asked if everybody else asked.filter(user=request.user))
    whom = as_whom(request.permissions)
    waiting = [each for each in shown if whom and each.state == "waiting" and _why_not(each, request.user, whom) is None]
    return render(request, "access.html", {"requests": shown, "everybody": everybody, "waiting": waiting, "whom": whom})


@needs(Permission.REQUEST_ACCESS)
@require_http_methods(["GET", "POST"])
def ask(request: Any) -> HttpResponse:
    """Asking for access."""
    form = RequestForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        record(
            request,
            What.REQUESTED,
            f"{said['level']} {said['organisation']}",
            purpose=said["purpose"],
            detail={"until": str(said["until"])},
        )
        made = form.save(request.user)
        messages.success(request, "Asked. The Guardian and the risk owner each decide on it.")
        return redirect("access_request", made.pk)
    return render(request, "access_ask.html", {"form": form}, status=422 if request.method == "POST" else 200)


@needs(*_ACCESS)
@require_http_methods(["GET", "POST"])
def access_request(request: Any, number: int) -> HttpResponse:
    """One request: what was asked, who decided, and the decision of who may."""
    asked = get_object_or_404(AccessRequest.objects.select_related("user").prefetch_related("decisions__by"), pk=number)
    if asked.user_id != request.user.pk:  # type: ignore[attr-defined]
        check_permission(request, Permission.SEE_ACCESS)
    whom = as_whom(request.permissions)
    form = DecisionForm(request.POST or None) if whom else None
    if request.method == "POST":
        if whom is None or form is None:
            raise Denied("only the Caldicott Guardian and the risk owner decide on access")
        if form.is_valid():
            outcome = Outcome(form.cleaned_data["outcome"])
            what = What.APPROVED if outcome is Outcome.APPROVED else What.REFUSED
            line = partial(record, request, what, f"access {asked.pk}", purpose=asked.purpose, detail={"as": whom.value})
            decide(asked, request.user, whom, outcome, form.cleaned_data["reason"], line)
            messages.success(request, f"{outcome.label}, as {whom.label}.")
            return redirect("access_request", asked.pk)
    why_not = _why_not(asked, request.user, whom) if whom else None
    answers = Permission.REVOKE_ACCESS in request.permissions or asked.user_id == request.user.pk  # type: ignore[attr-defined]
    may_end = answers and asked.state in {"approved", "waiting"}
    context = {"asked": asked, "form": form, "whom": whom, "why_not": why_not, "may_end": may_end}
    return render(request, "access_request.html", context, status=422 if request.method == "POST" else 200)


@needs(*_ACCESS)
@require_http_methods(["POST"])
def access_end(request: Any, number: int) -> HttpResponse:
    """Ends an access: one's own, or anybody's for those who answer for the data."""
    asked = get_object_or_404(AccessRequest, pk=number)
    if asked.user_id != request.user.pk:  # type: ignore[attr-defined]
        check_permission(request, Permission.REVOKE_ACCESS)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Give a reason.")
        return redirect("access_request", number)
    end(asked, request.user, form.cleaned_data["reason"], partial(record, request, What.ENDED, f"access {number}", purpose=asked.purpose))
    messages.success(request, "Ended. It is refused from now on.")
    return redirect("access_request", number)


def _why_not(asked: AccessRequest, user: Any, whom: Any) -> str | None:
    try:
        check_may_decide(asked, user, whom)
    except Denied as denied:
        return str(denied)
    return None
