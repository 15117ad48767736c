"""What templates ask for: the address of the charts' script, and a title inside a sentence."""

from django import template
from django.urls import reverse

from farr.portal.assets import bundle

register = template.Library()


@register.simple_tag
def vega() -> str:
    return reverse("vega", args=[bundle()[1]])


@register.filter
def inline(title: str) -> str:
    """A title as it stands inside a sentence: 'HRG chapter', 'specialty'."""
    return " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in title.split())
