"""The Django app of API tokens."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "farr.portal.api"
    label = "portal_api"
