"""What is filled in to make a token."""

from typing import Any

from django import forms

from farr.portal.access.forms import NotedForm
from farr.portal.agreements.files import today
from farr.portal.api.tokens import LONGEST


class TokenForm(NotedForm):
    name = forms.CharField(max_length=60, help_text="What it is for, such as “monthly board report”: the audit names it")
    until = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}), label="Last day", help_text=f"At most {LONGEST.days} days from today"
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if not today() <= until <= today() + LONGEST:
            raise forms.ValidationError(f"Choose a day from today to {today() + LONGEST:%-d %B %Y}.")
        return until
