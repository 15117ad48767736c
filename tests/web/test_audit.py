"""The audit: what was edited, deleted, put in another order, cut or written anew is found; what cannot be written down is not done."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from typer.testing import CliRunner

from farr.lab.model.durable import chain as chains
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.errors import FarrError
from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.agreements.models import AccessRequest
from farr.portal.api.models import Token
from farr.portal.commands import app
from farr.portal.installation import installation
from farr.portal.people.models import User
from farr.portal.trail import trail as trails
from farr.portal.trail.recording import trail
from farr.portal.trail.trail import Event, Trail, What
from tests.web.conftest import PASSWORD
from tests.web.installing import AGREEMENT, PURPOSE, install
from tests.web.publishing import LEVEL, MEASURE

PAGE = f"/o/{LEVEL}/C09/{MEASURE}/"


@pytest.fixture
def place(tmp_path):
    """An installation with ten lines in its audit, of which the first seven were signed."""
    folder = install(tmp_path / "portal")
    kept = Trail(installation(folder))
    for at in range(10):
        if at == 7:
            assert kept.sign_root() is not None
        kept.record(Event(what=What.SAW, user=at, name=f"p{at}@example.org", about=f"overview commissioner C0{at}", purpose="work"))
    return folder


@pytest.fixture
def lines(place):
    path = place / "audit" / "trail.jsonl"
    return path, path.read_text().splitlines(keepends=True)


def verify(place, *more):
    return CliRunner().invoke(app, ["audit", "verify", "--portal", str(place), *more])


def is_found(place, *more) -> str:
    """What is said of an audit that is not whole."""
    said = verify(place, *more)
    assert isinstance(said.exception, ChainError), said.output
    return str(said.exception)


def rewritten(lines: list[str], folder) -> list[str]:
    """The same events, chained anew by somebody who knows how."""
    fresh = Trail(installation(install(folder)))
    for line in lines:
        fresh._chain.append(json.loads(line)["content"])
    return (folder / "audit" / "trail.jsonl").read_text().splitlines(keepends=True)


def test_a_whole_audit_is_said_to_be_whole(place):
    said = verify(place)
    assert said.exit_code == 0 and "10 lines, 1 signed root." in said.output


def test_an_edited_line_is_found(place, lines):
    path, found = lines
    path.write_text("".join(found).replace("p4@example.org", "px@example.org"))
    assert "line 5 does not follow" in is_found(place)


def test_a_deleted_line_is_found(place, lines):
    path, found = lines
    path.write_text("".join(found[:3] + found[4:]))
    assert "line 4 does not follow" in is_found(place)


def test_lines_in_another_order_are_found(place, lines):
    path, found = lines
    path.write_text("".join([*found[:2], found[3], found[2], *found[4:]]))
    assert "line 3 does not follow" in is_found(place)


def test_a_line_put_in_is_found(place, lines):
    path, found = lines
    path.write_text("".join([*found[:5], found[4], *found[5:]]))
    assert "line 6 does not follow" in is_found(place)


def test_a_cut_below_what_was_signed_is_found(place, lines):
    path, found = lines
    path.write_text("".join(found[:5]))
    assert "ends at line 5, and line 7 was signed" in is_found(place)
    path.unlink()
    assert "ends at line 0" in is_found(place)


def test_a_cut_above_what_was_signed_is_not_found_until_the_next_root(place, lines):
    """Said plainly: hence a root each day, and oftener where it matters."""
    path, found = lines
    path.write_text("".join(found[:8]))
    assert verify(place).exit_code == 0


def test_a_fork_is_found(place, lines, tmp_path):
    """From line 4 on another history, whose every line follows from the one before: but the signed line is another."""
    path, found = lines
    other = [line.replace("p4@example.org", "px@example.org") for line in found]
    path.write_text("".join(rewritten(other, tmp_path / "other")))
    assert "line 7 is not the line that was signed" in is_found(place)


def test_two_writers_at_once_do_not_fork(place):
    one, two = Trail(installation(place)), Trail(installation(place))
    for at in range(6):
        (one if at % 2 else two).record(Event(what=What.SAW, user=at, name="", about="x"))
    assert one.verify().lines == 16


def test_roots_taken_away_with_the_lines_are_found_by_copies_elsewhere(place, lines, tmp_path):
    copies = tmp_path / "elsewhere"
    copies.mkdir()
    for root in (place / "audit" / "roots").glob("*.json"):
        (copies / root.name).write_bytes(root.read_bytes())
        root.unlink()
    path, found = lines
    path.write_text("".join(found[:5]))
    assert verify(place).exit_code == 0
    assert "line 7 was signed" in is_found(place, "--roots", str(copies))


def test_a_changed_root_is_found(place):
    [root] = (place / "audit" / "roots").glob("*.json")
    root.write_text(root.read_text().replace('"line": 7', '"line": 6'))
    assert "was changed, or was not signed" in is_found(place)


def test_a_root_of_another_key_is_found(place, tmp_path):
    other = install(tmp_path / "other")
    (place / "audit.pem").write_bytes((other / "audit.pem").read_bytes())
    assert "was not signed by this installation" in is_found(place)


def test_no_copies_where_they_should_be_is_said(place, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no signed roots" in is_found(place, "--roots", str(tmp_path / "empty"))


def test_the_first_line_of_a_day_signs_the_day_before(tmp_path, monkeypatch):
    kept = Trail(installation(install(tmp_path / "portal")))
    kept.record(Event(what=What.SAW, user=1, name="", about="x"))

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(UTC) + timedelta(days=1)

    monkeypatch.setattr(trails, "datetime", Tomorrow)
    kept.record(Event(what=What.SAW, user=2, name="", about="y"))
    [root] = (tmp_path / "portal" / "audit" / "roots").glob("*.json")
    assert root.stem == datetime.now(UTC).date().isoformat() and json.loads(root.read_text())["line"] == 1
    assert kept.verify() == trails.Verified(lines=2, roots=1)


@pytest.fixture
def tomorrow(monkeypatch):
    """From when it is called on it is tomorrow."""

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(UTC) + timedelta(days=1)

    def comes():
        for each in (trails, chains):
            monkeypatch.setattr(each, "datetime", Tomorrow)

    return comes


def test_a_root_signed_by_hand_stays_beside_that_of_the_days_last_line(place, tomorrow):
    [by_hand] = (place / "audit" / "roots").glob("*.json")
    signed = by_hand.read_bytes()
    tomorrow()
    later = Trail(installation(place))
    later.record(Event(what=What.SAW, user=1, name="", about="the next day"))
    own = by_hand.with_name(f"{datetime.now(UTC).date().isoformat()}.json")
    assert json.loads(own.read_text())["line"] == 10 and by_hand.read_bytes() == signed
    assert later.verify() == trails.Verified(lines=11, roots=2)
    kept = own.read_bytes()
    Trail(installation(place)).record(Event(what=What.SAW, user=1, name="", about="by another process"))
    assert own.read_bytes() == kept and len(list(own.parent.glob("*.json"))) == 2


def test_a_root_of_the_days_last_line_is_the_days(place, tomorrow):
    own = Trail(installation(place))
    signed = own.sign_root().read_bytes()
    tomorrow()
    own.record(Event(what=What.SAW, user=1, name="", about="the next day"))
    found = sorted((place / "audit" / "roots").glob("*.json"))
    assert [json.loads(each.read_text())["line"] for each in found] == [7, 10] and found[1].read_bytes() == signed


def test_two_processes_that_begin_a_day_at_once_sign_one_root(place):
    *_, last = Trail(installation(place)).events()
    day = datetime.now(UTC).date().isoformat()
    one, other = (Trail(installation(place))._roots.sign(last, day, by_hand=False) for _ in range(2))
    assert one == other and len(list(one.parent.glob("*.json"))) == 2


def test_a_root_by_hand_replaces_none(place, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    before = {each: each.read_bytes() for each in (place / "audit" / "roots").glob("*.json")}
    for _ in range(2):
        said = CliRunner().invoke(app, ["audit", "root", "--portal", str(place), "--out", str(tmp_path / "elsewhere")])
        assert said.exit_code == 0, said.output
    names = [each.name for each in sorted((place / "audit" / "roots").iterdir())]
    today = datetime.now(UTC).date().isoformat()
    assert names == [f"{today}-001.json", f"{today}-002.json", f"{today}-003.json"]
    assert all(path.read_bytes() == content for path, content in before.items()) and "10 lines, 3 signed roots." in verify(place).output
    assert sorted(each.name for each in (tmp_path / "elsewhere").iterdir()) == names[1:]


def test_a_copy_replaces_none_either(place, tmp_path):
    taken = tmp_path / f"{datetime.now(UTC).date().isoformat()}-002.json"
    taken.write_text("another portal's")
    said = CliRunner().invoke(app, ["audit", "root", "--portal", str(place), "--out", str(tmp_path)])
    assert "holds another" in str(said.exception) and taken.read_text() == "another portal's"


def test_roots_of_one_line_that_differ_are_found(place, lines, tmp_path):
    """Copies of before and after the audit was written anew."""
    path, found = lines
    [root] = (place / "audit" / "roots").glob("*.json")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / root.name).write_bytes(root.read_bytes())
    root.unlink()
    other = [line.replace("p4@example.org", "px@example.org") for line in found[:7]]
    path.write_text("".join(rewritten(other, tmp_path / "other")))
    (tmp_path / "elsewhere" / "later.json").write_bytes(Trail(installation(place)).sign_root().read_bytes())
    assert "written twice" in is_found(place, "--roots", str(tmp_path / "elsewhere"))


@pytest.mark.parametrize("kept", [5, 10], ids=["cut", "written anew"])
def test_a_root_that_does_not_fit_is_not_covered_up(place, lines, tomorrow, tmp_path, kept):
    path, found = lines
    other = [line.replace("p4@example.org", "px@example.org") for line in found]
    path.write_text("".join(rewritten(other, tmp_path / "other")[:kept]))
    [root] = (place / "audit" / "roots").glob("*.json")
    signed = root.read_bytes()
    tomorrow()
    Trail(installation(place)).record(Event(what=What.SAW, user=1, name="", about="the next day"))
    assert root.read_bytes() == signed
    assert "line 7" in is_found(place)


def test_who_reads_the_audit_keeps_nobody_from_writing(place):
    own = Trail(installation(place))
    with own._reading:
        own.record(Event(what=What.SAW, user=1, name="", about="meanwhile"))
    with own._lock:
        assert [link.number for link in own.recent(1_000)] == list(range(1, 12))


def test_a_root_is_signed_and_copied_by_hand(place, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    said = CliRunner().invoke(app, ["audit", "root", "--portal", str(place), "--out", str(tmp_path / "elsewhere")])
    assert said.exit_code == 0 and len(list((tmp_path / "elsewhere").glob("*.json"))) == 1
    assert verify(place, "--roots", str(tmp_path / "elsewhere")).exit_code == 0


@pytest.fixture
def shut(monkeypatch):
    """From now on the audit cannot be written."""

    def closed(error: Exception):
        def fails(_):
            raise error

        monkeypatch.setattr(trail(), "record", fails)

    return closed


@pytest.mark.parametrize("error", [ChainError("/srv/audit, line 3 does not follow"), PermissionError(13, "denied", "/srv/audit")],
                         ids=["broken", "not writable"])  # fmt: skip
@pytest.mark.parametrize("path", [f"/o/{LEVEL}/C09/", PAGE, f"{PAGE}table.csv", f"{PAGE}chart/funnel.svg", f"/o/{LEVEL}/C08/"])
def test_what_cannot_be_written_down_is_not_shown(viewer, shut, error, path):
    viewer.raise_request_exception = False
    shut(error)
    said = viewer.get(path)
    text = said.content.decode(errors="replace")
    assert said.status_code in {500, 503} and "/srv" not in text and "Place" not in text


def test_what_cannot_be_written_down_is_not_done(person, client_of, shut):
    user, guardian, admin = person(Role.VIEWER), person(Role.GUARDIAN), person(Role.ADMINISTRATOR)
    asked = AccessRequest.objects.create(
        user=user, agreement=AGREEMENT, purpose=PURPOSE, level=LEVEL, organisation="C09", why="Work", until=today()
    )
    viewer, decides, manages, analyst = client_of(user), client_of(guardian), client_of(admin), client_of(person(Role.ANALYST))
    analyst.post("/accounts/reauthenticate/", {"password": PASSWORD})
    shut(ChainError("broken"))
    said = [
        viewer.post("/access/ask/", {"agreement": AGREEMENT, "purpose": PURPOSE, "level": LEVEL, "organisation": "C01",
                                     "until": str(today()), "why": "Work"}),
        decides.post(f"/access/{asked.pk}/", {"outcome": "approved", "reason": "Fits"}),
        viewer.post(f"/access/{asked.pk}/end/", {"reason": "Done"}),
        manages.post("/people/new/", {"email": "x@example.org", "name": "X", "password": PASSWORD, "roles": ["viewer"]}),
        manages.post(f"/people/{user.pk}/active/", {"active": "no"}),
        manages.post(f"/people/{user.pk}/", {"name": "Other", "roles": ["caldicott-guardian"]}),
        analyst.post("/tokens/new/", {"name": "t", "until": str(today())}),
    ]  # fmt: skip
    assert [each.status_code for each in said] == [503] * 7
    asked, user = AccessRequest.objects.get(pk=asked.pk), User.objects.get(pk=user.pk)
    assert (asked.state, user.is_active, user.name, user.roles) == ("waiting", True, "viewer", {Role.VIEWER})
    assert AccessRequest.objects.count() == 1 and not User.objects.filter(email="x@example.org").exists() and not Token.objects.exists()


def test_nobody_signs_in_unseen(person, shut):
    from django.test import Client

    user = person(Role.VIEWER, factor=False)
    client = Client(raise_request_exception=False)
    shut(ChainError("broken"))
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/access/").status_code == 302 and client.get("/access/").headers["Location"].startswith("/accounts/login/")
    assert not Authenticator.objects.filter(user=user).exists()


def test_the_audits_page_shows_what_was_done_and_that_it_was_read(person, client_of, viewer):
    viewer.get(PAGE)
    client = client_of(person(Role.GUARDIAN))
    text = client.get("/audit/?what=saw").content.decode()
    assert f"{MEASURE} {LEVEL} C09" in text and "The chain is whole" in text
    *_, last = trail().events()
    assert last.content["what"] == "read the audit" and last.content["detail"] == {"what": "saw"}
    client.get("/audit/", {"what": "saw" * 1_000})
    *_, last = trail().events()
    assert last.content["detail"] == {"what": ""}, "what is none of them is not written down"


def test_the_page_says_of_how_many_lines_it_speaks(person, client_of, monkeypatch):
    client = client_of(person(Role.GUARDIAN))
    text = client.get("/audit/").content.decode()
    assert "of all " in text and "every line was checked just now" in text and "of the latest" not in text
    trail().record(Event(what=What.SAW, user=1, name="", about="x"))
    *_, last = trail().events()

    def latest(lines):
        assert lines == 20_000
        yield last

    monkeypatch.setattr(trail(), "recent", latest)
    text = client.get("/audit/").content.decode()
    assert "of the latest 1;" in text and "those before them once since this process of the portal began" in text


def test_a_broken_audit_is_not_shown(person, client_of, monkeypatch):
    client = client_of(person(Role.GUARDIAN))

    def broken(lines):
        raise ChainError("broken")
        yield

    monkeypatch.setattr(trail(), "recent", broken)
    text = client.get("/audit/").content.decode()
    assert "The audit is not whole" in text and "<tbody>" not in text


def test_every_word_of_the_audit_is_data_and_not_markup(person, client_of):
    trail().record(Event(what=What.SAW, user=1, name="<script>alert(1)</script>", about="a\nb", purpose="<b>", detail={"view": "<i>"}))
    text = client_of(person(Role.GUARDIAN)).get("/audit/").content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;" in text and "<i>" not in text


def test_a_line_says_who_what_where_from_and_for_which_purpose(viewer):
    viewer.get(PAGE, REMOTE_ADDR="192.0.2.5")
    *_, last = trail().events()
    said = last.content
    assert (said["what"], said["about"], said["address"], said["purpose"]) == ("saw", f"{MEASURE} {LEVEL} C09", "192.0.2.5", PURPOSE)
    assert said["name"].endswith("@example.org") and last.written_at.endswith("+00:00")


def test_an_error_of_the_audit_is_farrs():
    assert issubclass(ChainError, FarrError)


def test_the_page_looks_through_the_latest_lines_and_reads_earlier_ones_once(tmp_path, monkeypatch):
    own = Trail(installation(install(tmp_path)))
    monkeypatch.setattr(trails, "_STEP", 10)
    for number in range(57):
        own.record(Event(what=What.SAW, user=1, name="A", about=f"line {number}"))
    assert [link.number for link in own.recent(20)] == list(range(31, 58))
    own.record(Event(what=What.SAW, user=1, name="A", about="one more"))
    assert [link.number for link in own.recent(5)][-1] == 58
    assert [link.number for link in own.recent(1_000)] == list(range(1, 59))
    path = tmp_path / "audit" / "trail.jsonl"
    path.write_text(path.read_text().replace("line 55", "line 54"))
    with pytest.raises(ChainError):
        list(own.recent(20))
