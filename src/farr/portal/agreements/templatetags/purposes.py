"""Choosing a purpose, where one's live access is for several."""

from typing import Any

from django import template

from farr.portal.agreements.grants import purposes

register = template.Library()


@register.inclusion_tag("_purpose.html", takes_context=True)
def choose_purpose(context: Any) -> dict[str, Any]:
    user = context["request"].user
    return {"purposes": purposes(user), "chosen": user.chosen_purpose, "csrf_token": context.get("csrf_token")}
