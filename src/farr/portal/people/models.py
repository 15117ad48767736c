"""Accounts. A person signs in by e-mail address and second factor; what they may do comes of their roles and grants."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from farr.portal.access.roles import Permission, Role, permissions_of
from farr.portal.settings import FARR


class People(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """Somebody who signs in. `trained_on` is the day of the last yearly training; without one, no figures are shown. `first_password`: the
    password is still the one that an administrator gave them, and they choose another before anything else; it opens that until
    `first_password_until`. `breached_password`: it was found on the list of breached ones, and they choose another too. `chosen_purpose`
    is no column: for what they look now, where their access is for several purposes; of the session, or of a call of the API."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    employer = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    first_password = models.BooleanField(default=False)
    first_password_until = models.DateTimeField(null=True, blank=True)
    breached_password = models.BooleanField(default=False)
    trained_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    chosen_purpose: str = ""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[People] = People()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def roles(self) -> set[Role]:
        return {Role(each.role) for each in self.assignments.all()}  # type: ignore[attr-defined]

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    @property
    def first_password_lapsed(self) -> bool:
        return self.first_password and self.first_password_until is not None and self.first_password_until <= timezone.now()

    @property
    def must_choose(self) -> str:
        """Why they choose another password before anything else, in words for them; empty where they need not."""
        if self.first_password:
            return "Choose a password of your own first: the one that you were given is known to who gave it."
        if self.breached_password:
            return "Choose another password first: yours is on a list of passwords that were stolen elsewhere, which are tried first."
        return ""

    @property
    def trained_until(self) -> date | None:
        return None if self.trained_on is None else self.trained_on + timedelta(days=FARR.training_days)


class Assignment(models.Model):
    """A role that somebody has. Who gave it stands in the audit."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "role"], name="one_assignment_of_a_role"),
            models.CheckConstraint(condition=models.Q(role__in=[role.value for role in Role]), name="role_is_declared"),
        ]
