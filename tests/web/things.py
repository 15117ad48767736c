"""What the matrix's somebody has, and what is others': organisations, requests, tokens, outputs, commentary and saved views."""

import gzip
import hashlib
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession

from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.agreements.models import AccessRequest, AsWhom, Decision, Ending, Outcome
from farr.portal.api.tokens import new_token
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.commentary.models import Commentary, CommentaryDecision, SavedView, Version
from farr.portal.negotiating.models import Entry, Negotiation, Step
from farr.portal.people.models import User
from farr.portal.review.models import Kind, Output, Vote
from farr.portal.review.store import keep
from tests.web.installing import AGREEMENT, PURPOSE
from tests.web.publishing import LEVEL, MEASURE, SCENARIO

Things = dict[str, dict[str, Any]]
"""By name, what stands for it in an address."""


def all_of(user: User, other: User, person: Any, grant: Any) -> Things:
    return {
        **organisations_of(user, person, grant), **requests_of(user, other), **tokens_of(user, other), **views_of(user, other),
        **sessions_of(user, other), **outputs_of(user, other, person), **commentaries_of(user, other, person),
        **negotiations_of(other),
    }  # fmt: skip


def organisations_of(user: User, person: Any, grant: Any) -> Things:
    grant(user, "C09")
    grant(user, "C01", until=today() - timedelta(days=1))
    grant(user, "C02", agreement="elsewhere")
    more = {"user": user, "agreement": AGREEMENT, "purpose": PURPOSE, "level": LEVEL, "why": "Work", "until": today() + timedelta(days=9)}
    waiting, refused = (AccessRequest.objects.create(organisation=code, **more) for code in ("C04", "C05"))
    Decision.objects.create(request=waiting, as_whom=AsWhom.GUARDIAN, by=person(Role.GUARDIAN), outcome=Outcome.APPROVED, reason="Fits")
    for whom, role in ((AsWhom.GUARDIAN, Role.GUARDIAN), (AsWhom.RISK_OWNER, Role.RISK_OWNER)):
        Decision.objects.create(request=refused, as_whom=whom, by=person(role), outcome=Outcome.REFUSED, reason="No")
    ended = grant(user, "C06")
    Ending.objects.create(request=ended, by=user, reason="Done")
    codes = {"granted": "C09", "not granted": "C08", "lapsed": "C01", "of another agreement": "C02", "waiting": "C04", "refused": "C05",
             "ended": "C06"}  # fmt: skip
    found = {name: {"level": LEVEL, "organisation": code} for name, code in codes.items()}
    return {**found, "of another level": {"level": "provider", "organisation": "C09"}}


def requests_of(user: User, other: User) -> Things:
    more = {"agreement": AGREEMENT, "purpose": PURPOSE, "level": LEVEL, "organisation": "C07", "why": "Work", "until": today()}
    own, others = (AccessRequest.objects.create(user=each, **more) for each in (user, other))
    return {"request of one's own": {"number": own.pk}, "request of somebody's": {"number": others.pk}}


def tokens_of(user: User, other: User) -> Things:
    own, others = (new_token(each, "old", today())[1] for each in (user, other))
    return {"token of one's own": {"number": own.pk}, "token of somebody's": {"number": others.pk}}


def sessions_of(user: User, other: User) -> Things:
    own, others = (UserSession.objects.create(user=each, session_key=f"of {each.pk}", ip="192.0.2.1") for each in (user, other))
    return {"session of one's own": {"number": own.pk}, "session of somebody's": {"number": others.pk}}


def outputs_of(user: User, other: User, person: Any) -> Things:
    checkers = person(Role.CHECKER), person(Role.CHECKER)

    def sent(author: User, *, approved: bool = False, agreement: str = AGREEMENT) -> dict[str, Any]:
        at = Output.objects.count()
        place, sha256 = keep(f"organisation,figure\nC09,{at}\n".encode())
        output = Output.objects.create(
            author=author, kind=Kind.FILE, title=f"Table {at}", why="Board", agreement=agreement, purpose=PURPOSE, folder=place,
            file_name="table.csv", sha256=sha256,
        )  # fmt: skip
        for at, checker in enumerate(checkers if approved else (), start=1):
            Vote.objects.create(output=output, place=at, by=checker, outcome=Vote.Outcome.APPROVE, reason="Fits")
        return {"number": output.pk}

    return {
        "output of one's own": sent(user), "output of somebody's": sent(other), "output approved": sent(other, approved=True),
        "output approved under another agreement": sent(other, approved=True, agreement="nowhere"), "no output": {"number": 999_999},
    }  # fmt: skip


def commentaries_of(user: User, other: User, person: Any) -> Things:
    raw = gzip.compress(PUBLISHED.page(LEVEL, "C09", MEASURE, "national").model_dump_json().encode())
    second = person(Role.ANALYST, name="second")

    def written(author: User, code: str = "C09", *, approved: bool = False) -> int:
        made = Commentary.objects.create(level=LEVEL, organisation=code, measure=MEASURE, agreement=AGREEMENT, author=author)
        version = Version.objects.create(
            commentary=made, number=1, text="It is high.", author=author, made_at="2025-05-01", page=raw,
            page_sha256=hashlib.sha256(raw).hexdigest(),
        )  # fmt: skip
        if approved:
            CommentaryDecision.objects.create(version=version, by=second, outcome="approved", reason="Fits")
        return made.pk

    found = {
        "draft of one's own": written(user), "draft of somebody's": written(other), "approved commentary": written(other, approved=True),
        "commentary on an organisation not granted": written(other, "C08", approved=True), "no commentary": 999_999,
    }  # fmt: skip
    return {name: {"number": number} for name, number in found.items()} | {
        f"{name}, version 1": {"number": number, "version": 1} for name, number in found.items()
    }


def negotiations_of(other: User) -> Things:
    def begun(code: str) -> int:
        made = Negotiation.objects.create(
            level=LEVEL, organisation=code, kind="scenario", name=SCENARIO, title="A scenario", finding="It would pay less",
            made_at="2025-05-01", agreement=AGREEMENT, author=other,
        )  # fmt: skip
        Entry.objects.create(negotiation=made, number=1, step=Step.PROPOSED, on=today(), text="Pay less", by=other)
        return made.pk

    found = {"negotiation": begun("C09"), "negotiation about an organisation not granted": begun("C08"), "no negotiation": 999_999}
    return {name: {"number": number} for name, number in found.items()}


def views_of(user: User, other: User) -> Things:
    own, others = (SavedView.objects.create(user=each, name="mine", level=LEVEL, organisation="C09") for each in (user, other))
    return {"view of one's own": {"number": own.pk}, "view of somebody's": {"number": others.pk}}
