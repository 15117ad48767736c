"""What is filled in to record a step of a negotiation."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from farr.portal.access.forms import NotedForm
from farr.portal.agreements.files import today
from farr.portal.negotiating.models import Step
from farr.portal.review.forms import PlainText


class StepForm(NotedForm):
    """One step. `done`: the steps that were recorded before it."""

    step = forms.ChoiceField(
        choices=Step.choices, label="What is recorded", help_text="Agreed needs a proposal before it, delivered needs agreed terms"
    )
    on = forms.DateField(
        label="On", widget=forms.DateInput(attrs={"type": "date"}), help_text="The day it was said, agreed or measured; not after today"
    )
    pounds = forms.DecimalField(
        required=False, max_digits=14, decimal_places=2, label="Pounds",
        help_text="A year where proposed or agreed; since the entry before where delivered. Money lost has a minus. Empty: no money",
    )  # fmt: skip
    text = PlainText(rows=4, label="In words", help_text="Terms, quantities and prices. No person is named here")

    def __init__(self, done: Sequence[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._done = set(done)

    def clean_on(self) -> date:
        said: date = self.cleaned_data["on"]
        if said > today():
            raise forms.ValidationError("What has not happened yet is not recorded: choose a day up to today.")
        return said

    def clean_step(self) -> Step:
        step = Step(self.cleaned_data["step"])
        if step is Step.AGREED and Step.PROPOSED.value not in self._done:
            raise forms.ValidationError("Nothing was proposed yet: record the proposal first.")
        if step is Step.DELIVERED and Step.AGREED.value not in self._done:
            raise forms.ValidationError("Nothing was agreed yet: record the terms first.")
        return step
