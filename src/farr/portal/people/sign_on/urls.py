"""Addresses of signing in by an organisation's own sign-on: allauth's views, by the strict flow."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.urls import path

from farr.portal.people.sign_on.provider import StrictFlow

urlpatterns = [
    path("oidc/<str:provider_id>/login/", OAuth2LoginView.adapter_view(StrictFlow), name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", OAuth2CallbackView.adapter_view(StrictFlow), name="openid_connect_callback"),
]
