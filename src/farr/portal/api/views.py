"""Pages of one's own tokens: made after signing in again, shown once, ended at any time."""

from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.agreements.files import today
from farr.portal.api.forms import TokenForm
from farr.portal.api.models import Token
from farr.portal.api.tokens import LONGEST, end, new_token
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What


@needs(Permission.USE_API)
@require_http_methods(["GET"])
def tokens(request: Any) -> HttpResponse:
    """One's own tokens, the newest first."""
    return render(request, "tokens.html", {"tokens": Token.objects.filter(user=request.user).order_by("-pk")})


@needs(Permission.USE_API)
@require_http_methods(["GET", "POST"])
@reauthentication_required
def token_new(request: Any) -> HttpResponse:
    """Makes a token. Its text is on the answer and nowhere else."""
    form = TokenForm(request.POST or None, initial={"until": today() + LONGEST})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        line = partial(record, request, What.MADE_TOKEN, said["name"], detail={"until": str(said["until"])})
        text, token = new_token(request.user, said["name"], said["until"], line)
        response = render(request, "tokens_made.html", {"text": text, "token": token})
        response["Cache-Control"] = "private, no-store"
        return response
    return render(request, "tokens_new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@needs(Permission.USE_API)
@require_http_methods(["POST"])
def token_end(request: Any, number: int) -> HttpResponse:
    """Ends a token of one's own. Somebody else's is not there."""
    token = get_object_or_404(Token, pk=number, user=request.user)
    end(token, partial(record, request, What.ENDED_TOKEN, token.name))
    messages.success(request, f"Ended “{token.name}”. It is refused from now on.")
    return redirect("tokens")
