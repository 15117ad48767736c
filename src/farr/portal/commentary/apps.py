"""The Django app of commentary and saved views."""

from django.apps import AppConfig


class CommentaryConfig(AppConfig):
    name = "farr.portal.commentary"
    label = "commentary"
