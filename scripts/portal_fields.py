"""Writes what the portal's own code says of its input into docs/portal-fields.md: every field of every form, and what goes with what.

    .venv/bin/python -m scripts.portal_fields

A test compares the page with the code; run this where it fails."""

import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from farr.lab.measures.measure import Measure
from farr.lab.measures.norm import Norm
from farr.lab.measures.questions import is_monthly
from farr.lab.model.dimension import LEVELS
from farr.lab.model.discover import discover

_PORTAL = Path(__file__).parents[1] / "src" / "farr" / "portal"
PAGE = Path(__file__).parents[1] / "docs" / "portal-fields.md"

WHERE = {
    "RequestForm": "`/access/ask/`", "ReasonForm": "`/access/NUMBER/end/`", "DecisionForm": "`/access/NUMBER/`",
    "PersonForm": "`/people/NUMBER/`", "NewPersonForm": "`/people/new/`", "TokenForm": "`/tokens/new/`",
    "SubmitForm": "`/review/submit/`", "VoteForm": "`/review/NUMBER/vote/`", "CommentForm": "`/review/NUMBER/comment/`",
    "TextForm": "`…/commentary/`, `/commentary/NUMBER/write/`", "DecideForm": "`/commentary/NUMBER/VERSION/decide/`",
    "StepForm": "`…/negotiation/`, `/negotiations/NUMBER/add/`", "SaveForm": "`/views/save/`", "ReplaceForm": "`/people/NUMBER/replace/`",
}  # fmt: skip
"""Where each form of the portal's own is filled in."""

MORE = {
    ("RequestForm", "agreement"): "one of the agreements that run today",
    ("RequestForm", "purpose"): "one of the chosen agreement's purposes",
    ("RequestForm", "until"): "from today to the agreement's last day",
    ("SubmitForm", "title"): "no NHS number, postcode or date of birth; line breaks become spaces",
    ("SubmitForm", "access"): "one of the accesses that the person has today",
    ("SubmitForm", "file"): "named `….csv`; a plain table in UTF-8 up to 1,000,000 bytes: see portal-review.md",
    ("PersonForm", "trained_on"): "not after today",
    ("PersonForm", "roles"): "not Guardian and risk owner together; nobody changes their own",
    ("NewPersonForm", "email"): "no account has it already; kept in small letters",
    ("NewPersonForm", "trained_on"): "not after today",
    ("NewPersonForm", "roles"): "not Guardian and risk owner together",
    ("TokenForm", "until"): "from today to 90 days ahead",
    ("TextForm", "text"): "placeholders that the page offers, and no others",
    ("TextForm", "typed_checked"): "must be ticked where the text holds numbers that are on no page",
    ("TextForm", "rests_on"): "the page as it stands: another is refused, and shown anew",
    ("StepForm", "step"): "agreed after a proposal, delivered after agreed terms",
    ("StepForm", "on"): "not after today",
    ("SaveForm", "name"): "no other view of the person's has it; 200 views a person",
    ("SaveForm", "url"): "an overview or a measure of this portal, and nothing else",
    ("LoginForm", "password"): "not the rules: they are for new passwords",
    ("ChangePasswordForm", "password1"): "the rules of passwords: see portal-security.md; another than the present one",
    ("ChangePasswordForm", "password2"): "the same as the first",
    ("SetPasswordForm", "password1"): "the rules of passwords: see portal-security.md",
    ("SetPasswordForm", "password2"): "the same as the first",
    ("ResetPasswordForm", "email"): "the answer is the same whether there is an account or not",
    ("ResetPasswordKeyForm", "password1"): "the rules of passwords: see portal-security.md; another than the present one",
    ("ResetPasswordKeyForm", "password2"): "the same as the first",
    ("CodeForm", "code"): "six digits of the app, or a recovery code",
    ("CodeAgainForm", "code"): "six digits of the app, or a recovery code",
    ("KeyForm", "credential"): "what the security key signed, for this portal's address and this session's challenge",
    ("KeyAgainForm", "credential"): "what the security key signed, for this portal's address and this session's challenge",
    ("ReauthenticateForm", "password"): "the account's own",
    ("ChangePasswordForm", "oldpassword"): "the account's own",
    ("ActivateTOTPForm", "code"): "six digits of the app that read the secret just now",
    ("AddWebAuthnForm", "credential"): "what the security key signed, for this portal's address and this session's challenge",
    ("DisconnectForm", "account"): "one of the person's own sign-ons",
}  # fmt: skip
"""What a field's own declaration does not say, because it depends on what there is, or on other fields."""

_DEPENDING = {("RequestForm", "agreement"), ("RequestForm", "purpose"), ("SubmitForm", "access"), ("DisconnectForm", "account")}
"""Choices that depend on what there is when the page is opened: MORE says of what."""

_KINDS = {
    "ChoiceField": "one choice", "MultipleChoiceField": "choices", "DateField": "day, such as 2026-05-31", "EmailField": "e-mail address",
    "BooleanField": "tick", "FileField": "file", "RegexField": "text", "PlainText": "text in which nobody is named", "CharField": "text",
    "JSONField": "JSON, written by the browser", "PasswordField": "password", "SetPasswordField": "password", "IntegerField": "number",
}  # fmt: skip
_NOBODY_SIGNS_UP = "/accounts/3rdparty/signup/"  # a sign-on finds accounts and makes none: the page is never led to


def own_forms() -> list[type[Any]]:
    """Every form with fields that the portal declares itself."""
    from django import forms  # noqa: PLC0415  Django is set up first

    for path in sorted(_PORTAL.rglob("forms.py")):
        importlib.import_module(".".join(["farr", "portal", *path.relative_to(_PORTAL).with_suffix("").parts]))
    found = [each for each in below(forms.BaseForm) if _is_own(each) and getattr(each, "base_fields", None)]
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


def signing_forms() -> dict[type[Any], str]:
    """The forms of signing in, passwords, factors and sessions, which are allauth's, with the address of each; those of pages that the
    portal shuts are left out."""
    from django import forms  # noqa: PLC0415  Django is set up first
    from django.urls import get_resolver, resolve  # noqa: PLC0415

    found: dict[type[Any], str] = {}
    for address, view in _views(get_resolver().url_patterns):
        form = getattr(view, "form_class", None)
        has_parts = "NUMBER" in address or "KEY" in address
        is_reached = has_parts or getattr(resolve(address).func, "view_class", None) is view
        if form is not None and is_reached and form.__module__.startswith("allauth.") and address != _NOBODY_SIGNS_UP:
            found.setdefault(next(filter(_is_own_kind, below(form)), form), f"`{address}`")
    second = [
        each
        for each in below(forms.BaseForm)
        if _is_own_kind(each) and not _is_own(each) and getattr(each, "base_fields", None) and each not in found
    ]
    return found | dict.fromkeys(second, "`/accounts/2fa/authenticate/`, beside the code")


def fields_of(form: type[Any]) -> dict[str, Any]:
    """The fields of a form by name, in the order in which they are asked; those that it adds when it is made too, where it can be made
    without anybody signed in."""
    try:
        return dict(form().fields)
    except (TypeError, KeyError, AttributeError):  # it wants a person, a request or a page: what it declares is all that it asks
        first = list(getattr(form, "field_order", None) or ())
        return {name: form.base_fields[name] for name in [*first, *(each for each in form.base_fields if each not in first)]}


def tables_of_forms() -> str:
    """One table a form."""
    named = [(each, WHERE.get(each.__name__, "")) for each in own_forms()]
    if missing := [form.__name__ for form, where in named if not where]:
        raise SystemExit(f"scripts/portal_fields.py: say under WHERE on which page {missing[0]} is filled in")
    return "\n\n".join(_table(form, where) for form, where in [*named, *signing_forms().items()])


def combinations() -> str:
    """Which levels, norms, measures, periods and breakdowns go together, of the lab's declarations."""
    measures = discover("farr.lab.measures.definitions", Measure)
    norms = discover("farr.lab.measures.norms", Norm)
    levels = [
        f"| `{level}` | {'any months held' if is_monthly(level) else 'rolling years alone'} | {_yes(is_monthly(level))} | "
        f"{sum(level in each.levels for each in measures.values())} | "
        f"{_names(name for name, each in norms.items() if level in each.levels)} |"
        for level in LEVELS
    ]
    takes = [
        f"| `{name}` | {_levels(each.levels)} | {_names(each.options) or 'nothing'} | {_names(each.tables) or 'nothing more'} |"
        for name, each in norms.items()
    ]
    lines = [
        f"| `{name}` | {_levels(each.levels)} | {_names(each.breakdowns) or 'nothing'} | "
        f"{_names(f'codes.{one}' for one in each.choices) or 'nothing'} | {_yes(each.kind.is_ranked)} |"
        for name, each in measures.items()
    ]
    return "\n".join([
        "| level | periods | taken apart | measures | norms |", "|---|---|---|---|---|", *levels, "",
        "| norm | levels | takes | needs, beside the records |", "|---|---|---|---|", *takes, "",
        "| measure | levels | taken apart by (`by`) | takes | two are compared (`with`) |", "|---|---|---|---|---|", *lines,
    ])  # fmt: skip


def written(page: str) -> str:
    """The page, with what stands between its marks as the code says it today."""
    for mark, text in (("forms", tables_of_forms()), ("combinations", combinations())):
        between = re.compile(rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.DOTALL)
        if not between.search(page):
            raise SystemExit(f"{PAGE} has no marks <!-- {mark} --> and <!-- /{mark} -->; put them where the tables belong")
        page = between.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", page)
    return page


def below(kind: type[Any]) -> Iterator[type[Any]]:
    """Every class that is of a kind, however far down."""
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def _is_own_kind(form: type[Any]) -> bool:
    return form.__module__.startswith("farr.portal.")


def _is_own(form: type[Any]) -> bool:
    """Of the portal alone: not one of allauth's that it changes a little."""
    return _is_own_kind(form) and not any(each.__module__.startswith("allauth.") for each in form.__mro__)


def _views(patterns: Any, before: str = "/") -> Iterator[tuple[str, Any]]:
    """The address of each page, with the class of its view; without those of other kinds."""
    for each in patterns:
        address = before + _readable(str(each.pattern))
        if hasattr(each, "url_patterns"):
            yield from _views(each.url_patterns, address)
        elif hasattr(each.callback, "view_class"):
            yield address, each.callback.view_class


def _readable(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>[^)]*\)", "KEY", re.sub(r"<int:\w+>", "NUMBER", pattern)).strip("^").removesuffix("$")


def _table(form: type[Any], where: str) -> str:
    rows = [
        f"| `{name}` | {_kind(field)} | {'yes' if field.required else 'no'} | {_limits(form.__name__, name, field)} |"
        for name, field in fields_of(form).items()
    ]
    title = f"**{form.__name__}**, {where}"
    return (
        "\n".join([title, "", "| field | kind | required | limits and choices |", "|---|---|---|---|", *rows])
        if rows
        else f"{title}: no field"
    )


def _kind(field: Any) -> str:
    if getattr(field.widget, "input_type", "") == "password":
        return "password"
    known = next(_KINDS[each.__name__] for each in type(field).__mro__ if each.__name__ in _KINDS)
    return f"{known}, not shown" if field.widget.is_hidden else known


def _limits(form: str, name: str, field: Any) -> str:
    found = []
    shortest, longest = getattr(field, "min_length", None), getattr(field, "max_length", None)
    if shortest:
        found.append(f"{shortest} characters or more")
    if longest:
        found.append(f"at most {longest:,} characters")
    if hasattr(field, "regex"):
        found.append(f"fits `{field.regex.pattern}`".replace("|", "\\|"))
    if (choices := list(getattr(field, "choices", ()))) and (form, name) not in _DEPENDING:
        found.append(_names(value for value, _ in choices))
    if more := MORE.get((form, name)):
        found.append(more)
    return "; ".join(each for each in found if each) or "none of its own"


def _names(names: Any) -> str:
    return ", ".join(f"`{each}`" for each in names)


def _levels(levels: tuple[str, ...]) -> str:
    """Briefly: all, or all but a few."""
    missing = [each for each in LEVELS if each not in levels]
    if not missing:
        return "all"
    return f"all but {_names(missing)}" if len(missing) < len(levels) else _names(levels)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.web.settings"  # an installation that is made for it, and removed
    import django  # noqa: PLC0415  after its settings are named

    django.setup()
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
