"""Making, changing and disabling accounts. Each is written down once nothing stands against it, and before it is kept."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils import timezone

from farr.portal.access.denied import Denied
from farr.portal.access.roles import ROLES, Role, conflict
from farr.portal.people.models import Assignment, User
from farr.portal.people.passwords import lapses_at
from farr.portal.trail.recording import Recorded, unrecorded


class Taken(Denied):
    """There is an account for the address."""


@transaction.atomic
def make(
    email: str, name: str, roles: Iterable[Role], *, password: str | None = None, employer: str = "", trained_on: date | None = None,
    first_password: bool = False, record: Recorded = unrecorded,
) -> User:  # fmt: skip
    """An account whose address the administrator vouches for. `first_password`: somebody else knows the password, and it
    lapses. Raises Denied for roles
    that one person may not have together, for training that lies ahead, and Taken."""
    given = set(roles)
    _check_roles(given)
    check_trained_on(trained_on)
    try:
        with transaction.atomic():  # that no address is there twice is the database's to say; nothing is kept unless the line is written
            user = User.objects.create_user(
                email, password, name=name, employer=employer, trained_on=trained_on, first_password=first_password,
                first_password_until=lapses_at() if first_password else None,
            )  # fmt: skip
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError:
        raise Taken("there is an account for this address already") from None
    record()
    give(user, given)
    return user


@transaction.atomic
def change(
    user: User, *, name: str, employer: str, trained_on: date | None, roles: set[Role], by: User, record: Callable[[dict[str, Any]], object]
) -> None:  # fmt: skip
    """The account as it is said here. `record` is told what is another than it was. Raises Denied, as `make` does, and for roles of one's
    own."""
    locked = _locked(user)
    held = locked.roles
    if locked.pk == by.pk and roles != held:
        raise Denied("nobody changes their own roles; another administrator must")
    _check_roles(roles)
    check_trained_on(trained_on)
    said: dict[str, Any] = {"name": name, "employer": employer, "trained_on": trained_on}
    changed = {field: str(value or "") for field, value in said.items() if value != getattr(locked, field)}
    if roles != held:
        changed["roles"] = sorted(role.value for role in roles)  # type: ignore[assignment]
    if not changed:
        return
    record(changed)
    give(locked, roles)
    locked.name, locked.employer, locked.trained_on = name, employer, trained_on
    locked.save(update_fields=["name", "employer", "trained_on"])


@transaction.atomic
def give(user: User, roles: set[Role]) -> None:
    """These roles and no others. Raises Denied."""
    held = _locked(user).roles
    _check_roles(roles)
    Assignment.objects.filter(user=user, role__in=[role.value for role in held - roles]).delete()
    Assignment.objects.bulk_create([Assignment(user=user, role=role.value) for role in sorted(roles - held, key=lambda role: role.value)])


@transaction.atomic
def disable(user: User, record: Recorded = unrecorded) -> bool:
    """The account is shut, every session of it ended, and its live tokens for good. False where it was shut already: nothing is done."""
    locked = _locked(user)
    if not locked.is_active:
        return False
    record()
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    end_everything(locked)
    return True


@transaction.atomic
def enable(user: User, record: Recorded = unrecorded) -> bool:
    """False where it was active already: nothing is done."""
    locked = _locked(user)
    if locked.is_active:
        return False
    record()
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    return True


def end_everything(user: User) -> None:
    """Every session of the account, and its live tokens for good. Called in a transaction that holds the account."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    live = user.tokens.filter(ended_at=None, until__gte=timezone.localdate())  # type: ignore[attr-defined]
    live.update(ended_at=timezone.now())


def check_trained_on(day: date | None) -> None:
    """Raises Denied."""
    if day is not None and day > timezone.localdate():
        raise Denied("the day of the last training lies ahead; give the day on which it was done")


def _check_roles(roles: set[Role]) -> None:
    if (pair := conflict(roles)) is not None:
        titles = " and ".join(ROLES[each].title for each in pair)
        raise Denied(f"one person cannot be {titles}: each is the other's check")


def _locked(user: User) -> User:
    """The account as it stands, held until the transaction ends."""
    return User.objects.select_for_update().get(pk=user.pk)
