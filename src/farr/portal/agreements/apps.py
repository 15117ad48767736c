"""The Django app of access requests and grants."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "farr.portal.agreements"
    label = "agreements"
