"""The Django app of output checks."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "farr.portal.review"
    label = "review"
