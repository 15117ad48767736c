"""The digest: who is told what changed, once, and never a figure."""

import io
import re
from contextlib import contextmanager

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from farr.lab.model.asking.client import ServiceRefused
from farr.lab.model.showing.page import Overview
from farr.lab.model.showing.signed import overview_about, overview_path, write_signed
from farr.portal.access.roles import Role
from farr.portal.benchmarks.published import PUBLISHED
from farr.portal.benchmarks.service import SERVICE
from farr.portal.commentary.digest import Kind, Target, compared
from farr.portal.commentary.models import Edition, SavedView, Told
from tests.web.installing import AGREEMENT, lab_key
from tests.web.publishing import LEVEL, MEASURE, make_page


@pytest.fixture
def reader(person, grant):
    user = person(Role.VIEWER, name="Vi Viewer")
    grant(user)
    return user


def digest(**options) -> str:
    out = io.StringIO()
    call_command("digest", stdout=out, **options)
    return out.getvalue()


@contextmanager
def next_edition(folder, code="C09", *, certainty=(1, -0.5), figure=None, made_at="2025-06-01T09:00:00+00:00", gone=False):
    """The overview of a later month, in which the measure is no outlier any more."""
    path = folder / "published" / "pages" / overview_path(LEVEL, code, "national")
    before, now = path.read_bytes(), PUBLISHED.overview(LEVEL, code, "national")
    summaries = () if gone else tuple(
        each.model_copy(update={"certainty": certainty, **({"figure": figure} if figure else {})}) for each in now.summaries
    )  # fmt: skip
    later: Overview = now.model_copy(update={"made_at": made_at, "summaries": summaries})
    path.write_bytes(write_signed(later, overview_about(LEVEL, code, "national"), lab_key()))
    try:
        yield
    finally:
        path.write_bytes(before)


def test_a_first_run_remembers_and_a_later_one_tells_once(reader, folder, audited):
    assert "Sent 0" in digest() and Told.objects.count() == 1 and not mail.outbox
    with next_edition(folder):
        assert "Sent 1 e-mail." in digest()
        assert "Sent 0" in digest()
    sent = mail.outbox[0]
    assert sent.to == [reader.email] and len(mail.outbox) == 1
    assert f"Made-up share: {Kind.NO_LONGER.value}" in sent.body and f"http://localhost:8000/o/{LEVEL}/C09/{MEASURE}/" in sent.body
    assert ("was told what changed", "digest") in audited()


def test_no_figure_is_in_an_e_mail(reader, folder):
    digest()
    with next_edition(folder):
        digest()
    sent = mail.outbox[0]
    said = f"{sent.subject}\n{sent.body}".replace("Place 9", "the organisation")
    bare = re.sub(r"\b\d{1,2} (?:May|June) 20\d\d\b", "", re.sub(r"https?://\S+", "", said))
    assert not re.search(r"\d", bare) and "%" not in bare
    page = make_page("C09")
    for figure in (page.summary.figure, page.summary.norm_figure, page.summary.difference, *(fact.figure for fact in page.facts)):
        assert figure not in sent.body
    assert page.summary.finding not in sent.body
    for kept in Edition.objects.all():
        assert not re.search(r"\d", str(kept.verdicts).replace("Made-up", ""))


def test_a_dry_run_sends_and_remembers_nothing(reader, folder):
    digest()
    with next_edition(folder):
        said = digest(dry_run=True)
        assert (
            "To " + reader.email in said
            and "Would send 1 e-mail." in said
            and not mail.outbox
            and Told.objects.count() == Edition.objects.count() == 1
        )
        digest()
    assert len(mail.outbox) == 1


def test_what_is_hidden_now_is_not_said_to_be_within_chance(reader, folder):
    digest()
    with next_edition(folder, figure="*", certainty=(3, 0.0)):
        digest()
    assert Kind.NOT_SHOWN.value in mail.outbox[0].body and "no longer" not in mail.outbox[0].body


def test_only_those_hear_who_may_see_it_today(person, grant, folder):
    users = {name: person(Role.VIEWER, name=name) for name in ("left", "lapsed", "ended", "stays")}
    for user in users.values():
        grant(user)
    checker = person(Role.CHECKER)
    grant(checker)
    digest()
    users["left"].is_active = False
    users["left"].save()
    users["lapsed"].trained_on = None
    users["lapsed"].save()
    request = users["ended"].requests.get()
    request.until = request.until.replace(year=2020)
    request.save()
    with next_edition(folder):
        digest()
    assert [each.to for each in mail.outbox] == [[users["stays"].email]]


def test_who_sees_every_organisation_hears_of_saved_views_alone(person, grant, folder, client_of):
    user = person(Role.VIEWER)
    grant(user, "*")
    digest()
    assert not Told.objects.exists()
    client_of(user).post("/views/save/", {"name": "123 at 45.6%", "url": f"/o/{LEVEL}/C08/{MEASURE}/"})
    SavedView.objects.create(user=user, name="elsewhere", level="provider", organisation="RR8")
    digest()
    assert Told.objects.get().edition.organisation == "C08"
    with next_edition(folder, "C08", certainty=(0, -2.0)):
        digest()
    assert "Place 8" in mail.outbox[0].body and Kind.NEWLY.value in mail.outbox[0].body and "45.6" not in mail.outbox[0].body


def test_what_could_not_be_sent_is_sent_next_time(reader, folder, monkeypatch):
    digest()
    with next_edition(folder):
        with monkeypatch.context() as broken:
            broken.setattr("farr.portal.commentary.management.commands.digest.send_mail", lambda *_, **__: (_ for _ in ()).throw(OSError))
            with pytest.raises(CommandError, match="1 could not be sent"):
                digest()
        assert not mail.outbox
        digest()
    assert len(mail.outbox) == 1


def test_what_cannot_be_read_of_one_organisation_stops_nobody_else(reader, person, grant, folder):
    grant(reader, "C08")
    after = person(Role.VIEWER, name="After")
    grant(after)
    digest()
    path = folder / "published" / "pages" / overview_path(LEVEL, "C08", "national")
    before = path.read_bytes()
    path.write_bytes(before[:-20])
    try:
        with next_edition(folder):
            said = digest()
    finally:
        path.write_bytes(before)
    assert "Sent 2 e-mails." in said and "Nothing could be read of 1 organisation;" in said
    assert [each.to for each in mail.outbox] == [[reader.email], [after.email]]


def test_asking_the_release_service_is_written_down_before(person, grant, audited, monkeypatch):
    user = person(Role.VIEWER)
    grant(user, "P00009", level="practice")
    before_asking = []

    def refuses(*_, **__):
        before_asking.extend(audited())
        raise ServiceRefused("not now")

    monkeypatch.setattr(SERVICE, "overview", refuses)
    assert "Nothing could be read of 1 organisation;" in digest()
    assert before_asking == [("asked the release service", "digest")]


def test_what_one_agreement_published_is_not_compared_with_anothers(reader, folder):
    digest()
    Edition.objects.update(agreement="another")
    with next_edition(folder):
        assert "Sent 0" in digest()
        assert set(Edition.objects.values_list("agreement", flat=True)) == {AGREEMENT, "another"}
    assert not mail.outbox


def test_editions_are_compared_by_verdict():
    def said(**verdicts):
        return {name: {"title": name.upper(), "verdict": verdict} for name, verdict in verdicts.items()}

    before = said(a="beyond chance", b="within chance", c="beyond chance", d="beyond chance", e="not shown", f="within chance")
    now = said(a="within chance", b="beyond chance", c="not shown", e="beyond chance", f="within chance")
    target = Target(level=LEVEL, organisation="C09", norm="similar_ten")
    found = {change.title: change.kind for change in compared(before, now, target)}
    assert found == {"A": Kind.NO_LONGER, "B": Kind.NEWLY, "C": Kind.NOT_SHOWN, "D": Kind.NOT_SHOWN, "E": Kind.NEWLY}
    assert compared(before, now, target)[0].url.endswith("/C09/a/?norm=similar_ten")
