"""Replacing what somebody lost: a password by a new first one, or the second factors by none, so that they are set up anew. Whoever does it
says how they knew who asked."""

from enum import Enum

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from farr.portal.people.accounts import end_everything
from farr.portal.people.models import User
from farr.portal.people.passwords import lapses_at, new_first_password
from farr.portal.trail.recording import Recorded, unrecorded


class Lost(Enum):
    """What is replaced: one of the two, and what is not replaced is still asked for."""

    PASSWORD = "first-password"  # noqa: S105  no password
    FACTORS = "second-factors"

    @property
    def title(self) -> str:
        return {
            Lost.PASSWORD: "The password: a new first one is shown to you, once",
            Lost.FACTORS: "The second factors: authenticator, security keys and recovery codes are removed, and set up anew",
        }[self]


class Proof(Enum):
    """How it was known who somebody is: as surely as when they were given their account."""

    IN_PERSON = "in-person"
    VIDEO = "video-call"
    LINE_MANAGER = "line-manager"

    @property
    def title(self) -> str:
        return {
            Proof.IN_PERSON: "In person, with the organisation’s identity card",
            Proof.VIDEO: "By video call, with a colleague who knows them",
            Proof.LINE_MANAGER: "By their line manager, called at a number that was known before",
        }[self]


@transaction.atomic
def replace(user: User, lost: Lost, record: Recorded = unrecorded) -> str:
    """Replaces what was lost, and ends every session and token of the account: whoever found what was lost may have begun one. With the
    password goes what sign-ons call the person by: they are found anew by their address. Gives the new first password; for second factors
    nothing."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    record()
    given = ""
    if lost is Lost.PASSWORD:
        given = new_first_password()
        locked.set_password(given)
        locked.first_password, locked.first_password_until, locked.breached_password = True, lapses_at(), False
        locked.save(update_fields=["password", "first_password", "first_password_until", "breached_password"])
        SocialAccount.objects.filter(user=locked).delete()
    else:
        Authenticator.objects.filter(user=locked).delete()
    end_everything(locked)
    return given
