"""What is filled in to ask for access, to decide on it, and to end it."""

from typing import Any

from django import forms

from farr.portal.access.forms import NotedForm
from farr.portal.agreements.files import held, is_live, today
from farr.portal.agreements.models import AccessRequest, Outcome
from farr.portal.people.models import User


class RequestForm(NotedForm):
    """The choices are those of the live agreements: outside them the answer is no."""

    agreement = forms.ChoiceField(help_text="The signed agreement under which you would see the figures")
    purpose = forms.ChoiceField(help_text="What you need them for: one of the purposes of the agreement")
    level = forms.RegexField(regex=r"^[a-z][a-z0-9_]{0,62}\Z", help_text="commissioner, provider, practice, region …")
    organisation = forms.RegexField(
        regex=r"^(\*|[A-Za-z0-9_.\- ]{1,40})\Z", help_text="The code of the organisation; * for every organisation of the level"
    )
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), help_text="The last day on which you need it")
    why = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        label="Why you need it",
        help_text="The Guardian and the risk owner read this",
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._live = {each.terms.id: each for each in held().agreements if is_live(each)}
        purposes = dict.fromkeys(purpose for each in self._live.values() for purpose in each.terms.purposes)
        self.fields["agreement"].choices = [(id, f"{each.terms.title} ({id})") for id, each in self._live.items()]
        self.fields["purpose"].choices = [(purpose, purpose) for purpose in purposes]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        agreement = self._live.get(said.get("agreement", ""))
        if agreement is None or not {"purpose", "until"} <= set(said):
            return said
        terms = agreement.terms
        if said["purpose"] not in terms.purposes:
            self.add_error("purpose", f"The agreement is for {', '.join(terms.purposes)} only.")
        if not today() <= said["until"] <= terms.ends:
            self.add_error("until", f"Choose a day from today to {terms.ends:%-d %B %Y}, when the agreement ends.")
        return said

    def save(self, user: User) -> AccessRequest:
        return AccessRequest.objects.create(user=user, **self.cleaned_data)


class ReasonForm(NotedForm):
    """A reason, which the person concerned reads."""

    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class DecisionForm(ReasonForm):
    outcome = forms.ChoiceField(choices=[(Outcome.APPROVED.value, "Approve"), (Outcome.REFUSED.value, "Refuse")], widget=forms.RadioSelect)
