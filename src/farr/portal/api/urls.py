"""Addresses of the API and of the tokens' pages."""

from django.urls import path

from farr.portal.api import views
from farr.portal.api.endpoints import api
from farr.portal.api.refusals import no_such

urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_new, name="token_new"),
    path("tokens/<int:number>/end/", views.token_end, name="token_end"),
    path("api/v1/", no_such, name="api_start"),
    path("api/v1/", api.urls),
    path("api/<path:rest>", no_such, name="api_no_such"),
]
