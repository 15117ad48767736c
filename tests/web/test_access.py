"""From where a role may be used, what a grant covers, and which role is which one's check."""

from datetime import timedelta
from ipaddress import ip_network
from itertools import combinations

import pytest
from django.test import Client, RequestFactory

from farr.lab.model.agreement import AgreementError
from farr.portal.access import middleware, places
from farr.portal.access.denied import Denied
from farr.portal.access.factor import has_second_factor
from farr.portal.access.places import NOWHERE, address, admitted, country
from farr.portal.access.roles import CONFLICTS, ROLES, Permission, Role, conflict, permissions_of
from farr.portal.agreements.deciding import check_may_decide, decide, end
from farr.portal.agreements.files import held, is_live, live, today
from farr.portal.agreements.grants import Grant, check_granted, grants
from farr.portal.agreements.models import AccessRequest, AsWhom, Decision, Outcome
from farr.portal.installation import Places
from farr.portal.people.accounts import give
from farr.portal.settings import FARR
from tests.web.installing import AGREEMENT, PURPOSE, sign_agreement
from tests.web.publishing import LEVEL

PAGE = f"/o/{LEVEL}/C09/"


def installed(*, proxies=0, header=None, **told):
    """An installation with these places."""
    return FARR.model_copy(update={"proxies": proxies, "country_header": header, "places": told})


def come(source="10.1.2.3", forwarded=None, **headers):
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=source, **more, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, None, "10.1.2.3"),
        (0, "203.0.113.9", "10.1.2.3"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (2, "10.9.9.9, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", NOWHERE),
        (1, None, NOWHERE),
        (1, "", NOWHERE),
        (1, "10.9.9.9, ", NOWHERE),
    ],
    ids=["no proxy", "no proxy is believed", "one", "the browser's own words are not", "two", "one did not speak", "none spoke",
         "nothing said", "the last said nothing"],
)  # fmt: skip
def test_the_address_is_what_trusted_proxies_say(proxies, forwarded, found):
    assert address(come(forwarded=forwarded), installed(proxies=proxies)) == found


@pytest.mark.parametrize(
    ("source", "is_in"),
    [("10.1.2.3", True), ("10.2.0.1", False), ("::ffff:10.1.2.3", True), ("2001:db8::1", True), ("2001:db9::1", False),
     (NOWHERE, False), ("", False), ("10.1.2.3:80", False), ("unknown", False), ("10.1.2.3\n", False)],
)  # fmt: skip
def test_a_role_is_admitted_from_its_networks_alone(source, is_in):
    there = installed(analyst=Places(networks=(ip_network("10.1.0.0/16"), ip_network("2001:db8::/32"))))
    assert admitted({Role.ANALYST, Role.VIEWER}, source, None, there) == ({Role.ANALYST} if is_in else set()) | {Role.VIEWER}


@pytest.mark.parametrize(("said", "is_in"), [("GB", True), ("FR", False), (None, False), ("", False), ("gb", False), ("GB, FR", False)])
def test_a_role_is_admitted_from_its_countries_alone(said, is_in):
    there = installed(header="X-Country", viewer=Places(countries=("GB",)))
    request = come(**({} if said is None else {"HTTP_X_COUNTRY": said}))
    assert (admitted({Role.VIEWER}, "10.1.2.3", country(request, there), there) == {Role.VIEWER}) is is_in


def test_where_no_header_is_named_no_country_is_known():
    there = installed(viewer=Places(countries=("GB",)))
    assert admitted({Role.VIEWER}, "10.1.2.3", country(come(HTTP_X_COUNTRY="GB"), there), there) == set()


def test_a_page_is_shown_from_the_roles_network_alone(viewer, monkeypatch, audited):
    monkeypatch.setattr(places.admitted, "__defaults__", (installed(viewer=Places(networks=(ip_network("10.1.0.0/16"),))),))
    assert viewer.get(PAGE, REMOTE_ADDR="10.1.2.3").status_code == 200
    assert viewer.get(PAGE, REMOTE_ADDR="10.2.2.3").status_code == 403
    assert viewer.get(PAGE, REMOTE_ADDR="10.2.2.3", HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 403
    assert audited()[-1] == ("denied", PAGE)


def test_a_misspelt_role_among_the_places_stops_the_portal(starting):
    assert "there is no role 'analist'" in starting('[places.analist]\nnetworks = ["10.0.0.0/8"]\n')


def test_every_permission_is_somebodys_and_every_role_says_what_it_does():
    assert set().union(*(said.permissions for said in ROLES.values())) == set(Permission)
    assert set(ROLES) == set(Role) and all(said.title and said.does for said in ROLES.values())


def test_nobody_is_both_sides_of_a_check(person):
    for pair in combinations(Role, 2):
        clashes = set(pair) in [set(each) for each in CONFLICTS]
        assert (conflict(set(pair)) is not None) is clashes
    for pair in CONFLICTS:
        with pytest.raises(Denied):
            give(person(), set(pair))
    held = permissions_of(set(Role) - {Role.GUARDIAN, Role.RISK_OWNER, Role.ADMINISTRATOR})
    assert not held & {Permission.APPROVE_AS_GUARDIAN, Permission.APPROVE_AS_RISK_OWNER, Permission.MANAGE_PEOPLE}


def test_who_manages_accounts_sees_no_figures():
    assert not ROLES[Role.ADMINISTRATOR].permissions & {Permission.SEE_FIGURES, Permission.DOWNLOAD, Permission.ASK, Permission.SEE_AUDIT}


@pytest.mark.parametrize(
    ("level", "organisation", "covered"),
    [("commissioner", "C09", True), ("commissioner", "C08", False), ("provider", "C09", False), ("national", "ENGLAND", True),
     ("commissioner", "*", False), ("commissioner", "c09", False), ("commissioner", "C09\n", False)],
)  # fmt: skip
def test_a_grant_covers_one_organisation_and_the_nation(level, organisation, covered):
    grant = Grant(request=1, agreement="a", purpose="p", level="commissioner", organisation="C09", until=today())
    assert grant.covers(level, organisation) is covered


def test_access_needs_both_and_neither_alone(person, grant):
    user = person(Role.VIEWER)
    asked = AccessRequest.objects.create(
        user=user, agreement=AGREEMENT, purpose=PURPOSE, level=LEVEL, organisation="C09", why="Work", until=today()
    )
    guardian, owner = person(Role.GUARDIAN), person(Role.RISK_OWNER)
    decide(asked, guardian, AsWhom.GUARDIAN, Outcome.APPROVED, "Fits")
    assert grants(user) == []
    for whom in AsWhom:  # the Guardian, as whichever of the two
        with pytest.raises(Denied):
            check_may_decide(asked, guardian, whom)
    decide(asked, owner, AsWhom.RISK_OWNER, Outcome.APPROVED, "Fits")
    assert [each.organisation for each in grants(user)] == ["C09"]
    end(asked, owner, "No longer needed")
    assert grants(user) == []


def test_nobody_decides_on_their_own_request(person):
    guardian = person(Role.GUARDIAN, Role.VIEWER)
    asked = AccessRequest.objects.create(
        user=guardian, agreement=AGREEMENT, purpose=PURPOSE, level=LEVEL, organisation="C09", why="Work", until=today()
    )
    with pytest.raises(Denied, match="yourself"):
        decide(asked, guardian, AsWhom.GUARDIAN, Outcome.APPROVED, "Fits")


def test_one_refusal_is_enough(person):
    user = person(Role.VIEWER)
    asked = AccessRequest.objects.create(
        user=user, agreement=AGREEMENT, purpose=PURPOSE, level=LEVEL, organisation="C09", why="Work", until=today()
    )
    Decision.objects.create(request=asked, as_whom=AsWhom.GUARDIAN, by=person(Role.GUARDIAN), outcome=Outcome.APPROVED, reason="Fits")
    Decision.objects.create(request=asked, as_whom=AsWhom.RISK_OWNER, by=person(Role.RISK_OWNER), outcome=Outcome.REFUSED, reason="No")
    with pytest.raises(Denied):
        check_granted(user, AGREEMENT, LEVEL, "C09")


def test_what_was_refused_is_not_in_the_audit_as_done(person, client_of, audited):
    user, guardian, owner = person(Role.VIEWER), person(Role.GUARDIAN), person(Role.RISK_OWNER)
    asked = AccessRequest.objects.create(
        user=user, agreement=AGREEMENT, purpose=PURPOSE, level=LEVEL, organisation="C09", why="Work", until=today()
    )
    own, decides, other = client_of(user), client_of(guardian), client_of(owner)
    path, fits = f"/access/{asked.pk}/", {"outcome": "approved", "reason": "Fits"}
    assert [decides.post(path, fits).status_code for _ in range(2)] == [302, 403]
    assert [own.post(f"{path}end/", {"reason": "Done"}).status_code for _ in range(2)] == [302, 403]
    assert other.post(path, fits).status_code == 403
    about = f"access {asked.pk}"
    assert audited() == [("approved", about), ("denied", path), ("ended access", about), ("denied", f"{path}end/"), ("denied", path)]


def test_a_decision_and_an_end_that_cannot_be_written_down_are_not_kept(person):
    user, guardian = person(Role.VIEWER), person(Role.GUARDIAN)
    asked = AccessRequest.objects.create(
        user=user, agreement=AGREEMENT, purpose=PURPOSE, level=LEVEL, organisation="C09", why="Work", until=today()
    )

    def fails():
        raise OSError

    with pytest.raises(OSError):
        decide(asked, guardian, AsWhom.GUARDIAN, Outcome.APPROVED, "Fits", fails)
    with pytest.raises(OSError):
        end(asked, user, "Done", fails)
    asked = AccessRequest.objects.get(pk=asked.pk)
    assert asked.state == "waiting" and not asked.decisions.exists()


def test_a_file_that_cannot_be_read_hides_no_agreement(person, client_of, folder):
    path = folder / "agreements" / "broken.json"
    path.write_text("{")
    try:
        text = Client().get("/register/").content.decode()
        assert "Benchmarking for leeds" in text and "One more agreement is held here that cannot be read" in text
        assert str(folder) not in text and "broken" not in text
        assert f"({AGREEMENT})" in client_of(person(Role.VIEWER)).get("/access/ask/").content.decode()
        (folder / "agreements" / "worse.json").write_text("{")
        assert "2 more agreements are held here" in Client().get("/register/").content.decode()
    finally:
        path.unlink()
        (folder / "agreements" / "worse.json").unlink(missing_ok=True)
    assert "cannot be read" not in Client().get("/register/").content.decode()


def test_an_agreement_under_anothers_name_grants_nothing(person, grant, folder):
    sign_agreement(folder, "true", PURPOSE)
    path = (folder / "agreements" / "true.json").rename(folder / "agreements" / "false.json")
    try:
        user = person(Role.VIEWER)
        grant(user, agreement="false")
        assert grants(user) == []
        with pytest.raises(AgreementError, match="holds another"):
            live("false")
        assert not is_live(next(each for each in held().agreements if each.terms.id == "true"))
    finally:
        path.unlink()


def test_an_agreement_that_ends_takes_its_access_along(person, grant, folder):
    user = person(Role.VIEWER)
    sign_agreement(folder, "brief", PURPOSE)
    grant(user, agreement="brief")
    assert [each.agreement for each in grants(user)] == ["brief"]
    sign_agreement(folder, "brief", PURPOSE, ends=today() - timedelta(days=1))
    assert grants(user) == []
    (folder / "agreements" / "brief.json").unlink()
    assert grants(user) == []


def test_an_agreement_for_another_purpose_grants_nothing(person, grant, folder):
    user = person(Role.VIEWER)
    sign_agreement(folder, "other", "research")
    grant(user, agreement="other")
    assert grants(user) == []
    (folder / "agreements" / "other.json").unlink()


def test_an_agreement_changed_after_it_was_signed_grants_nothing(person, grant, folder):
    user = person(Role.VIEWER)
    path = folder / "agreements" / "changed.json"
    sign_agreement(folder, "changed", PURPOSE)
    grant(user, agreement="changed")
    assert len(grants(user)) == 1
    path.write_text(path.read_text().replace("apc_episode", "op_attendance"))
    assert grants(user) == []
    path.unlink()


def test_recovery_codes_alone_are_no_second_factor(person):
    from allauth.mfa.models import Authenticator

    user = person(Role.VIEWER, factor=False)
    assert not has_second_factor(user)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not has_second_factor(user)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert has_second_factor(user)


def test_what_only_the_server_should_know_is_not_on_a_page(viewer, monkeypatch):
    def fails(*_, **__):
        raise middleware.FarrError("fine to say")

    def names_a_place(*_, **__):
        from farr.portal.installation import InstallationError

        raise InstallationError("/srv/portal/key.pem is no key")

    from farr.portal.benchmarks import views

    monkeypatch.setattr(views, "overview_of", fails)
    assert "Fine to say" in viewer.get(PAGE).content.decode()
    monkeypatch.setattr(views, "overview_of", names_a_place)
    said = viewer.get(PAGE)
    assert said.status_code == 503 and "/srv" not in said.content.decode()
