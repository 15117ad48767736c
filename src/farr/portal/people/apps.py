"""The Django app of accounts."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "farr.portal.people"
    label = "people"

    def ready(self) -> None:
        from farr.portal.people import again, factors  # noqa: F401, PLC0415  listen from here on
        from farr.portal.people.recovery import keep_hashed  # noqa: PLC0415
        from farr.portal.trail import signing_in  # noqa: F401, PLC0415

        keep_hashed()
