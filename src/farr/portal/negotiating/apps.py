"""The Django app of negotiations."""

from django.apps import AppConfig


class NegotiatingConfig(AppConfig):
    name = "farr.portal.negotiating"
    label = "negotiating"
