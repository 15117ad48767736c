"""What an administrator fills in of a person."""

from datetime import date
from typing import ClassVar

from django import forms

from farr.portal.access.denied import Denied
from farr.portal.access.forms import NotedForm
from farr.portal.access.roles import ROLES, Role
from farr.portal.people.accounts import check_trained_on
from farr.portal.people.models import User
from farr.portal.people.replacing import Lost, Proof


class PersonForm(NotedForm):
    name = forms.CharField(max_length=150)
    employer = forms.CharField(max_length=150, required=False)
    trained_on = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        label="Last yearly training",
        help_text="Access lapses a year after it",
    )
    roles = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, f"{said.title}: {said.does}") for role, said in ROLES.items()],
    )

    def clean_trained_on(self) -> date | None:
        day: date | None = self.cleaned_data["trained_on"]
        try:
            check_trained_on(day)
        except Denied:
            raise forms.ValidationError("This day lies ahead. Give the day on which the training was done.") from None
        return day

    def chosen(self) -> set[Role]:
        return {Role(each) for each in self.cleaned_data["roles"]}


class NewPersonForm(PersonForm):
    email = forms.EmailField(label="E-mail address", help_text="They sign in with it")
    field_order: ClassVar[list[str]] = ["email", "name", "employer", "trained_on", "roles"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("There is an account for this address already.")
        return email


class ReplaceForm(NotedForm):
    lost = forms.ChoiceField(label="What they lost", widget=forms.RadioSelect, choices=[(each.value, each.title) for each in Lost])
    proof = forms.ChoiceField(
        label="How you knew who asked", widget=forms.RadioSelect, choices=[(each.value, each.title) for each in Proof]
    )
