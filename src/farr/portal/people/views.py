"""Pages of accounts, for administrators."""

from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from farr.portal.access.denied import Denied
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.people.accounts import Taken, change, disable, enable, make
from farr.portal.people.forms import NewPersonForm, PersonForm, ReplaceForm
from farr.portal.people.models import User
from farr.portal.people.passwords import new_first_password
from farr.portal.people.replacing import Lost, Proof, replace
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What


@needs(Permission.MANAGE_PEOPLE)
def people(request: Any) -> HttpResponse:
    return render(request, "people.html", {"people": User.objects.prefetch_related("assignments").order_by("name")})


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def person_new(request: Any) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, roles, password = form.cleaned_data, form.chosen(), new_first_password()
        detail = {"roles": sorted(role.value for role in roles)}
        try:
            made = make(
                said["email"], said["name"], roles, password=password, employer=said["employer"], trained_on=said["trained_on"],
                first_password=True, record=partial(record, request, What.MADE_ACCOUNT, said["email"], detail=detail),
            )  # fmt: skip
        except Denied as denied:
            form.add_error("email" if isinstance(denied, Taken) else "roles", _sentence(denied))
        else:
            return _first_password(request, made, password, "The account is made.")
    return render(request, "person.html", {"form": form}, status=422 if request.method == "POST" else 200)


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def person(request: Any, number: int) -> HttpResponse:
    user = get_object_or_404(User, pk=number)
    held = {"name": user.name, "employer": user.employer, "trained_on": user.trained_on, "roles": [role.value for role in user.roles]}
    form = PersonForm(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        said, roles = form.cleaned_data, form.chosen()
        if user.pk == request.user.pk and roles != user.roles:
            raise Denied("nobody changes their own roles; another administrator must")
        try:
            change(
                user, name=said["name"], employer=said["employer"], trained_on=said["trained_on"], roles=roles, by=request.user,
                record=lambda changed: record(request, What.CHANGED_ACCOUNT, user.email, detail=changed),
            )  # fmt: skip
        except Denied as denied:
            form.add_error("roles", _sentence(denied))
        else:
            messages.success(request, f"Saved the account of {said['name']}.")
            return redirect("person", user.pk)
    return render(request, "person.html", {"form": form, "person": user}, status=422 if request.method == "POST" else 200)


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["POST"])
def person_active(request: Any, number: int) -> HttpResponse:
    """Disables an account, with every session and token of it, or enables it again: whichever the button said, and nothing where it is so
    already."""
    user = get_object_or_404(User, pk=number)
    if user.pk == request.user.pk:
        raise Denied("nobody disables their own account; another administrator must")
    match request.POST.get("active"):
        case "no":
            said, done = "disabled", disable(user, partial(record, request, What.DISABLED_ACCOUNT, user.email, detail={"active": False}))
        case "yes":
            said, done = "enabled", enable(user, partial(record, request, What.CHANGED_ACCOUNT, user.email, detail={"active": True}))
        case _:
            messages.error(request, "Say whether to disable the account or to enable it.")
            return redirect("person", number)
    if done:
        messages.success(request, f"{said.capitalize()} the account of {user.name}.")
    else:
        messages.info(request, f"The account of {user.name} was {said} already; nothing was changed.")
    return redirect("person", number)


@needs(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "POST"])
def person_replace(request: Any, number: int) -> HttpResponse:
    """Replaces a password or second factors that were lost, once it is said how the person was known."""
    if number == request.user.pk:
        raise Denied("nobody replaces their own password or second factors here; another administrator must")
    replacing: Any = reauthentication_required(_replacing)
    return replacing(request, get_object_or_404(User, pk=number))


def _replacing(request: Any, user: User) -> HttpResponse:
    form = ReplaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lost, proof = Lost(form.cleaned_data["lost"]), Proof(form.cleaned_data["proof"])
        detail = {"replaced": lost.value, "proof": proof.value}
        password = replace(user, lost, partial(record, request, What.CHANGED_ACCOUNT, user.email, detail=detail))
        user.refresh_from_db()
        if password:
            return _first_password(request, user, password, "The password is replaced.")
        messages.success(
            request, f"Removed the second factors of {user.name}. They set one up when they next sign in: ask them to do so now."
        )
        return redirect("person", user.pk)
    return render(request, "person_replace.html", {"form": form, "person": user}, status=422 if request.method == "POST" else 200)


def _first_password(request: Any, user: User, password: str, done: str) -> HttpResponse:
    """It is on this answer and nowhere else."""
    response = render(request, "person_made.html", {"person": user, "password": password, "done": done})
    response["Cache-Control"] = "private, no-store"
    return response


def _sentence(denied: Denied) -> str:
    words = str(denied)
    return f"{words[0].upper()}{words[1:]}."
