"""What is filled in to send output, to vote on it, and to say something beside."""

import re
from typing import Any

from django import forms

from farr.portal.access.forms import NotedForm
from farr.portal.agreements.grants import grants
from farr.portal.people.models import User
from farr.portal.review.models import Vote
from farr.portal.review.screen import LooksPersonal, check_table, check_text
from farr.portal.review.table import LARGEST, TableError, read_table


class PlainText(forms.CharField):
    """A text in which nobody may be named; what is found in it is never repeated."""

    def __init__(self, *, rows: int, max_length: int = 2000, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=max_length, **more)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            check_text(text, "this text")
        except LooksPersonal as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        return text


class SubmitForm(NotedForm):
    """Output of one's own, under an access that one has."""

    title = forms.CharField(max_length=200, help_text="What the table is, as a checker and its later readers should know it")
    access = forms.ChoiceField(label="Agreement and purpose", help_text="The access that you have, and under which you made this")
    why = PlainText(rows=4, label="Why it is needed, and how it was made", help_text="The checkers read this: who is counted, and of when")
    file = forms.FileField(
        label="The table",
        help_text=f"One table as CSV in UTF-8, up to {LARGEST // 1_000_000} MB. No record of a person, and no number of one",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": f"Choose a CSV file of at most {LARGEST:,} bytes."},
    )

    def __init__(self, user: User, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._held = {f"{each.agreement}: {each.purpose}": each for each in grants(user)}
        self.fields["access"].choices = [(name, name) for name in self._held]

    def clean_title(self) -> str:
        title = " ".join(str(self.cleaned_data["title"]).split())  # one line of review.txt
        try:
            check_text(title, "the title")
        except LooksPersonal as error:
            raise forms.ValidationError(str(error)) from None
        return title

    def clean_file(self) -> tuple[str, bytes]:
        """Its name and its content, once they are known to be a plain table."""
        sent = self.cleaned_data["file"]
        name = str(sent.name)
        if not name.lower().endswith(".csv"):
            raise forms.ValidationError("Only CSV files are taken: what a checker cannot read as a table, nobody can check.")
        content: bytes = sent.read()
        try:
            check_text(re.sub(r"[_-]+", " ", name), "the file's name")
            check_table(read_table(content))
        except (TableError, LooksPersonal) as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        return name[-100:], content

    @property
    def agreement(self) -> str:
        return self._held[self.cleaned_data["access"]].agreement

    @property
    def purpose(self) -> str:
        return self._held[self.cleaned_data["access"]].purpose


class VoteForm(NotedForm):
    outcome = forms.ChoiceField(choices=Vote.Outcome.choices, widget=forms.RadioSelect, label="Your vote")
    reason = PlainText(
        rows=3, help_text="What you looked at, and what decided it. It stays hidden until two have voted, and travels with the file"
    )


class CommentForm(NotedForm):
    text = PlainText(rows=2, label="Something to say")
