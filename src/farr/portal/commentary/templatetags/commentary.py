"""What other pages show of commentary and of saved views."""

from typing import Any

from django import template

from farr.lab.model.showing.page import Page
from farr.portal.benchmarks.choices import View
from farr.portal.commentary.markup import rendered
from farr.portal.commentary.saved import saved_by
from farr.portal.commentary.writing import approved_on, releases_of

register = template.Library()


@register.inclusion_tag("_commentary.html", takes_context=True)
def commentary_on(context: Any, page: Page, view: View, agreement: str) -> dict[str, Any]:
    """What was approved on this view, with the figures as they were when it was written."""
    query = view.other(beside="").query
    found = approved_on(view.level, view.organisation, view.measure, query, agreement)
    present = set(releases_of(page))
    shown = [(each, rendered(each.text, each.figures), set(each.releases) != present) for each in found]
    return {"shown": shown, "page": page, "view": view, "query": query, "may": context.get("may", {})}


@register.inclusion_tag("_save_view.html", takes_context=True)
def save_view(context: Any, url: str, name: str) -> dict[str, Any]:
    return {"url": url, "name": name, "csrf_token": context.get("csrf_token")}


@register.simple_tag
def views_saved_by(user: Any) -> Any:
    return saved_by(user)
