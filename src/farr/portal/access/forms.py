"""Forms of the portal's pages: what is refused in one is noted for the log."""

from typing import Any

from django import forms

from farr.portal.access.noting import note


class NotedForm(forms.Form):
    """A form whose fields that were refused, and the kinds of mistake, go to the log; what was typed does not."""

    def full_clean(self) -> None:
        super().full_clean()
        note_mistakes(self)


def note_mistakes(form: Any) -> None:
    """Notes what is wrong in a form that was sent; nothing where nothing is."""
    if form.is_bound and form.errors:
        fields = {name: sorted({each.code or "refused" for each in errors}) for name, errors in form.errors.as_data().items()}
        note(type(form).__name__, fields)
