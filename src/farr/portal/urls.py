"""The portal's addresses. Each view says what it needs (access/needs.py)."""

from allauth.account.views import LoginView
from axes.decorators import axes_dispatch, axes_form_invalid
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.utils.decorators import method_decorator

from farr.portal.access.needs import is_open
from farr.portal.agreements import urls as agreements
from farr.portal.api import urls as api
from farr.portal.assets import script
from farr.portal.benchmarks import urls as benchmarks
from farr.portal.commentary import urls as commentary
from farr.portal.contracting import urls as contracting
from farr.portal.health import health
from farr.portal.negotiating import urls as negotiating
from farr.portal.people import again, factors
from farr.portal.people import urls as people
from farr.portal.review import urls as review
from farr.portal.trail import urls as trail


@method_decorator(axes_dispatch, name="dispatch")
@method_decorator(axes_form_invalid, name="form_invalid")
class GuardedLogin(LoginView):
    """Signing in, shut for a while after too many failures from one place for one account."""


# Administrators vouch for addresses, and an e-mail is no proof of who somebody is: allauth's pages for such things are shut.
_SHUT = ("email/", "confirm-email/", "confirm-email/<path:key>", "signup/", "login/code/confirm/", "reauthenticate/code/",
         "reauthenticate/code/confirm/")  # fmt: skip


@is_open
def shut(request: HttpRequest, key: str = "") -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    *benchmarks.urlpatterns,
    *contracting.urlpatterns,
    *agreements.urlpatterns,
    *people.urlpatterns,
    *trail.urlpatterns,
    *api.urlpatterns,
    *review.urlpatterns,
    *commentary.urlpatterns,
    *negotiating.urlpatterns,
    path("assets/vega.<str:version>.js", script, name="vega"),
    path("health/", health, name="health"),
    path("accounts/login/", GuardedLogin.as_view(), name="account_login"),
    *(path(f"accounts/{each}", shut) for each in _SHUT),
    *factors.urlpatterns,
    *again.urlpatterns,
    path("accounts/", include("allauth.urls")),
]
