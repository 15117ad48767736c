"""What is filled in to write commentary, to decide on it, and to keep a view."""

from typing import Any, ClassVar

from django import forms

from farr.lab.model.showing.page import Page
from farr.portal.access.forms import NotedForm
from farr.portal.agreements.models import Outcome
from farr.portal.commentary.models import SavedView
from farr.portal.commentary.placeholders import PlaceholderError, facts_of, used
from farr.portal.commentary.writing import numbers_in, rests_on
from farr.portal.review.forms import PlainText


class TextForm(NotedForm):
    """A text on one page, as it stands now."""

    text = PlainText(
        rows=14,
        max_length=10_000,
        label="Your commentary",
        help_text="Paragraphs, lines that begin with “- ” for bullets, **strong**. Write figures as placeholders, listed above",
    )
    typed_checked = forms.BooleanField(
        required=False,
        label="I checked the numbers that I typed",
        help_text="Farr does not know where a typed number comes from, and says so beside the text",
    )
    rests_on = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, page: Page, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._page = page
        self.initial.setdefault("rests_on", rests_on(page))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            used(text, facts_of(self._page))
        except PlaceholderError as error:
            raise forms.ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        return text

    def clean_rests_on(self) -> str:
        if self.cleaned_data["rests_on"] != (present := rests_on(self._page)):
            self.data = {**self.data.dict(), "rests_on": present}  # type: ignore[attr-defined]
            raise forms.ValidationError("The page was published anew while you wrote: look at it again, and send once more.")
        return present

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        typed = numbers_in(said.get("text", ""), self._page)
        if typed and not said.get("typed_checked"):
            shown = ", ".join(typed[:12])
            self.add_error("typed_checked", f"You typed {shown}: nobody released these. Use placeholders, or check each and say so here.")
        return said


class DecideForm(NotedForm):
    outcome = forms.ChoiceField(
        choices=[(Outcome.APPROVED.value, "Approve"), (Outcome.REFUSED.value, "Refuse")], widget=forms.RadioSelect, label="Your decision"
    )
    reason = PlainText(rows=2, help_text="Its author and the audit's readers see it")
    field_order: ClassVar[list[str]] = ["outcome", "reason"]


def name_taken(name: str) -> str:
    return f"You have a view called “{name}” already; give this one another name."


class SaveForm(NotedForm):
    """A name for a view; `url` is checked where it is read."""

    name = forms.CharField(max_length=100)
    url = forms.CharField(max_length=1500)

    def __init__(self, user: Any, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._user = user

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if SavedView.objects.filter(user=self._user, name=name).exists():
            raise forms.ValidationError(name_taken(name))
        return name
