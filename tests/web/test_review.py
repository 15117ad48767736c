"""Output for review: two checkers, blind to each other until both have voted, neither its author; and nothing goes out before."""

import io
import json
import re
import threading
import zipfile

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from farr.portal.access.roles import Role
from farr.portal.agreements.files import today
from farr.portal.api.tokens import new_token
from farr.portal.benchmarks import showing
from farr.portal.review.models import Output, Vote
from farr.portal.review.screen import LooksPersonal, check_table, check_text, is_nhs_number
from farr.portal.review.table import TableError, read_table
from farr.portal.settings import FARR
from tests.web.installing import AGREEMENT
from tests.web.publishing import LEVEL, MEASURE
from tests.web.reviewing import GOOD, SECRET, HoldingService

NHS_NUMBER = "943 476 5919"  # the example of the NHS Data Model and Dictionary


def page(client, output):
    """The page of an output as a person is shown it, without what differs between any two requests, and without their own name."""
    said = client.get(f"/review/{output.pk}/")
    text = re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", said.content.decode())
    return said.status_code, text


def test_a_submitted_table_is_shown_to_the_checkers_and_its_author_alone(output, analyst, checkers, person, grant, client_of, audited):
    for user in (analyst, checkers[0]):
        status, text = page(client_of(user), output)
        assert status == 200 and "1200" in text and "Table 2 of the frailty paper" in text
    colleague = person(Role.ANALYST)
    grant(colleague)
    for user in (colleague, person(Role.GUARDIAN), person(Role.ADMINISTRATOR), person(Role.VIEWER)):
        assert page(client_of(user), output)[0] == 403
        assert client_of(user).get(f"/review/{output.pk}/file.zip").status_code == 403
    assert ("saw", f"output {output.pk}") in audited()


def test_what_may_not_be_opened_is_refused_like_what_is_not_there(output, person, grant, client_of):
    colleague = person(Role.ANALYST)
    grant(colleague)
    client = client_of(colleague)
    there = page(client, output)[1].replace(f"output {output.pk} ", "output N ")
    missing = re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", client.get("/review/9999/").content.decode())
    assert there == missing.replace("output 9999 ", "output N ")
    assert "Spells by age" not in client.get("/review/").content.decode()


def test_a_first_vote_is_hidden_from_everybody_else(output, analyst, checkers, client_of, vote):
    first, second, third = checkers
    before = {user.pk: (page(client_of(user), output), client_of(user).get("/review/").content) for user in (analyst, second, third)}
    assert vote(first, output).status_code == 302
    for user in (analyst, second, third):
        now = page(client_of(user), output), client_of(user).get("/review/").content
        assert re.sub(rb'token" value="[^"]*"', b"", now[1]).count(b"waiting") == before[user.pk][1].count(b"waiting")
        assert now[0] == before[user.pk][0]
        assert "Bea Checker" not in now[0][1] and SECRET not in now[0][1] and b"Bea Checker" not in now[1]
    own = page(client_of(first), output)[1]
    assert SECRET in own and "you have voted on this already" in own.lower()


def test_two_that_agree_decide_and_then_all_is_told(output, analyst, checkers, client_of, vote):
    vote(checkers[0], output)
    vote(checkers[1], output, reason="Large groups")
    for user in (analyst, *checkers):
        text = page(client_of(user), output)[1]
        assert "approved" in text and SECRET in text and "Bea Checker" in text and "Large groups" in text
    assert vote(checkers[2], output).status_code == 403
    assert Vote.objects.filter(output=output).count() == 2


def test_where_two_disagree_a_third_decides_and_the_author_is_told_nothing_before(output, analyst, checkers, client_of, vote):
    before = page(client_of(analyst), output)
    vote(checkers[0], output, "approve")
    vote(checkers[1], output, "refuse", "Row three can be worked out")
    assert page(client_of(analyst), output) == before
    third = page(client_of(checkers[2]), output)[1]
    assert "split" in third and "Row three can be worked out" in third
    vote(checkers[2], output, "refuse", "It can")
    text = page(client_of(analyst), output)[1]
    assert "refused" in text and "Row three can be worked out" in text and "It can" in text
    assert client_of(analyst).get(f"/review/{output.pk}/file.zip").status_code == 403


def test_nobody_votes_on_their_own_nor_twice_nor_for_others(person, grant, submit, client_of, vote, checkers, output):
    both = person(Role.ANALYST, Role.CHECKER)
    grant(both)
    own = Output.objects.get(pk=int(submit(both, b"a,b\n1,2\n").headers["Location"].split("/")[2]))
    assert vote(both, own).status_code == 403
    submit(both)  # the very file of somebody else: it is theirs as well
    assert vote(both, output).status_code == 403 and page(client_of(both), output)[0] == 403
    assert vote(checkers[0], output).status_code == 302
    again = vote(checkers[0], output, "refuse")
    assert again.status_code == 403 and "not changed" in again.content.decode()
    for role in (Role.VIEWER, Role.GUARDIAN, Role.ASSET_OWNER, Role.ADMINISTRATOR):
        assert vote(person(role), output).status_code == 403
    assert Vote.objects.count() == 1


def test_who_may_read_the_audit_does_not_vote_and_the_audit_hides_a_first_vote(person, output, vote, checkers, audited):
    reader = person(Role.CHECKER, Role.ASSET_OWNER)
    said = vote(reader, output)
    assert said.status_code == 403 and "may read the audit" in said.content.decode()
    vote(checkers[0], output, "refuse")
    assert ("voted", f"output {output.pk}") in audited() and ("refused", f"output {output.pk}") not in audited()
    vote(checkers[1], output, "refuse")
    assert ("refused", f"output {output.pk}") in audited()


def test_a_checker_whose_training_lapsed_sees_and_votes_nothing(person, output, vote, client_of):
    lapsed = person(Role.CHECKER, trained=False)
    assert page(client_of(lapsed), output)[0] == 403 and vote(lapsed, output).status_code == 403


def test_comments_follow_the_votes(output, analyst, checkers, client_of, vote):
    def say(user, text):
        return client_of(user).post(f"/review/{output.pk}/comment/", {"text": text})

    before = page(client_of(analyst), output), page(client_of(checkers[1]), output)
    say(checkers[0], "Is the total public?")
    assert (page(client_of(analyst), output), page(client_of(checkers[1]), output)) == before
    say(analyst, "The total is of the census")
    assert "of the census" in page(client_of(checkers[1]), output)[1]
    vote(checkers[0], output)
    vote(checkers[1], output)
    assert "Is the total public?" in page(client_of(analyst), output)[1]
    assert say(analyst, f"It is {NHS_NUMBER}").status_code == 422


def test_an_approved_table_goes_to_its_author_and_the_granted_with_its_record(
    output, analyst, checkers, person, grant, client_of, vote, audited
):
    path = f"/review/{output.pk}/file.zip"
    assert client_of(analyst).get(path).status_code == 403
    for checker in checkers[:2]:
        vote(checker, output)
    viewer = person(Role.VIEWER)
    assert client_of(viewer).get(path).status_code == 403
    grant(viewer)
    assert "Spells by age" in client_of(viewer).get("/review/").content.decode()
    for user in (analyst, viewer):
        said = client_of(user).get(path)
        assert said.status_code == 200 and said.headers["X-Content-Type-Options"] == "nosniff"
        archive = zipfile.ZipFile(io.BytesIO(said.content))
        assert archive.read("output.csv") == GOOD
        told = archive.read("review.txt").decode()
        assert output.sha256 in told and SECRET in told and "Bea Checker voted to approve" in told and "Cy Checker" in told
    assert ("downloaded", f"output {output.pk}") in audited() and ("approved", f"output {output.pk}") in audited()
    assert client_of(checkers[2]).get(path).status_code == 403


def test_a_changed_file_is_neither_shown_nor_handed_out_nor_voted_on(output, analyst, checkers, client_of, vote):
    place = FARR.folder / "review" / output.folder / "output.csv"
    assert place.stat().st_mode & 0o077 == 0
    place.write_bytes(GOOD.replace(b"640", b"641"))
    said = vote(checkers[0], output)
    assert said.status_code == 422 and "was changed since" in said.content.decode() and Vote.objects.count() == 0
    place.write_bytes(GOOD)
    for checker in checkers[:2]:
        vote(checker, output)
    place.write_bytes(b"something else")
    said = client_of(analyst).get(f"/review/{output.pk}/file.zip")
    assert said.status_code == 422 and b"something else" not in said.content
    assert client_of(checkers[2]).get(f"/review/{output.pk}/").status_code == 422


def test_what_is_withdrawn_is_voted_on_no_more(output, analyst, checkers, client_of, vote, audited):
    assert client_of(checkers[0]).post(f"/review/{output.pk}/withdraw/").status_code == 403
    assert client_of(analyst).post(f"/review/{output.pk}/withdraw/").status_code == 302
    assert ("withdrew", f"output {output.pk}") in audited()
    assert vote(checkers[0], output).status_code == 403


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Choose a CSV file|empty"),
        (b"a,b\n", "no table"),
        (b"a,b\n1\n", "another number of cells"),
        (b"a,a\n1,2\n", "a name of its own"),
        (b"a,b\n1,\xff\n", "not text in UTF-8"),
        (b"a,b\n1,\x00\n", "characters that no table has"),
        (b'a,b\n1,"2\n', "cannot be read as CSV"),
        (b"a,b\n1,=HYPERLINK(1)\n", "begins as a formula does"),
        (b"a,b\n1,@SUM(1)\n", "begins as a formula does"),
        (b"a,b\n1,-1+cmd\n", "begins as a formula does"),
        (b"=a,b\n1,2\n", "begins as a formula does"),
        pytest.param(b"a,b\n" + b"1,2\n" * 260_000, "larger than", id="large"),
        pytest.param(b"a,b\n" + b"1,2\n" * 400_000, "Choose a CSV file", id="larger"),
        (f"a,number\n1,{NHS_NUMBER}\n".encode(), "check digit of an NHS number"),
        (b"a,place\n1,seen at LS1 4AP\n", "full postcode"),
        (b"a,Date of birth\n1,2\n", "by its name"),
        (b"a,d\n1,1931-02-03\n2,1950-02-03\n3,1990-12-01\n", "as dates of birth do"),
    ],
)
def test_a_file_that_is_no_plain_table_or_points_to_people_is_refused(analyst, submit, content, why):
    said = submit(analyst, content)
    text = said.content.decode().replace("&#x27;", "'")
    assert said.status_code == 422 and re.search(why, text)
    assert not Output.objects.exists() and "LS1" not in text and "943" not in text and "1931" not in text


def test_nothing_of_a_refused_file_is_kept(analyst, submit):
    before = sorted((FARR.folder / "review").rglob("*"))
    submit(analyst, f"a,number\n1,{NHS_NUMBER}\n".encode())
    assert sorted((FARR.folder / "review").rglob("*")) == before


def test_only_a_csv_under_ones_own_access_and_by_who_may_send(analyst, submit, person, grant):
    assert submit(analyst, name="table.xlsx").status_code == 422
    assert submit(analyst, access="other: research").status_code == 422
    assert submit(analyst, why=f"About {NHS_NUMBER}").status_code == 422
    viewer = person(Role.VIEWER)
    grant(viewer)
    assert submit(viewer).status_code == 403
    assert submit(person(Role.ANALYST)).status_code == 422  # no access, so nothing to send under


def test_what_stands_in_a_table_is_text_and_nothing_else(analyst, submit, checkers, client_of):
    nasty = b"a,<script>alert(1)</script>\n<img src=x onerror=alert(1)>,2\n"
    number = int(submit(analyst, nasty, title="<b>Bold</b>", why="<script>x</script>").headers["Location"].split("/")[2])
    text = client_of(checkers[0]).get(f"/review/{number}/").content.decode()
    assert "<script>alert" not in text and "<img src=x" not in text and "<b>Bold" not in text and "&lt;script&gt;alert" in text


def test_figures_are_no_nhs_numbers_and_codes_no_postcodes():
    assert is_nhs_number("9434765919") and not is_nhs_number("9434765918") and not is_nhs_number("0000000000")
    check_table(read_table(b'code,share,money\nA81001,0.9434765919,"9,434,765,919"\nFD05B,12.25,+1.5e10\n'))
    check_text("Practice A81001, HRG FD05B, 2024-04..2025-03, E01000001", "this text")
    with pytest.raises(LooksPersonal, match="a column holds ten digits"):
        check_table(read_table(f"{NHS_NUMBER},b\n1,2\n".encode()))
    with pytest.raises(TableError, match="larger than"):
        read_table(b"a" * 1_000_001)


# --- answers that the lab holds


@pytest.fixture
def held(monkeypatch, analyst, client_of):
    monkeypatch.setattr(showing, "SERVICE", HoldingService())
    return client_of(analyst).get(f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&peers=C01+C02")


def test_a_held_answer_becomes_an_output_and_the_analyst_is_told(held, analyst, client_of, audited):
    assert held.status_code == 202
    made = Output.objects.get()
    assert f'href="/review/{made.pk}/"' in held.content.decode() and made.held == ["review-1a2b3c4d"]
    assert made.asked["request"]["peers"] == ["C01", "C02"] and made.agreement == AGREEMENT and made.author == analyst
    client_of(analyst).get(f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&peers=C01+C02")
    assert Output.objects.count() == 1
    assert json.dumps(made.asked).count("value") == 0  # nothing but what was asked


def test_votes_on_a_held_answer_end_in_a_command_for_the_zone(held, analyst, checkers, vote, client_of):
    made = Output.objects.get()
    assert "farr review approve" not in page(client_of(checkers[0]), made)[1]
    for checker in checkers[:2]:
        assert vote(checker, made).status_code == 302
    text = page(client_of(checkers[2]), made)[1].replace("&quot;", '"')
    assert 'farr review approve review-1a2b3c4d --checker "YOUR NAME"' in text and "nothing has happened in the lab" in text
    told = page(client_of(analyst), made)[1]
    assert "farr review approve" not in told and f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&amp;peers=C01+C02" in told
    assert client_of(analyst).get(f"/review/{made.pk}/file.zip").status_code == 403


def test_what_two_approved_and_the_lab_did_not_release_yet_does_not_say_that_it_waits_for_them(held, analyst, checkers, vote, client_of):
    made, address = Output.objects.get(), f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&peers=C01+C02"
    said = client_of(analyst).get(address)
    assert said.status_code == 202 and "waits for the output checkers" in said.content.decode()
    vote(checkers[0], made)
    assert "waits for the output checkers" in client_of(analyst).get(address).content.decode(), "one vote is told to nobody"
    vote(checkers[1], made)
    said = client_of(analyst).get(address)
    text = said.content.decode()
    assert said.status_code == 202 and "is approved, and not released yet" in text and "waits for the output checkers" not in text
    token, _ = new_token(analyst, "notebook", today())
    path = f"/api/v1/organisations/{LEVEL}/C09/measures/{MEASURE}?norm=own_list&peers=C01+C02"
    told = Client(headers={"Authorization": f"Bearer {token}"}).get(path)
    assert told.status_code == 202 and "not released in the lab yet" in told.json()["detail"]


def test_what_two_disagree_on_still_waits_for_its_author(held, analyst, checkers, vote, client_of):
    made = Output.objects.get()
    vote(checkers[0], made)
    vote(checkers[1], made, "refuse")
    text = client_of(analyst).get(f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&peers=C01+C02").content.decode()
    assert "waits for the output checkers" in text and "split" not in text


def test_who_asked_the_same_does_not_vote_on_it(held, person, grant, client_of, vote):
    first = Output.objects.get()
    both = person(Role.ANALYST, Role.CHECKER)
    grant(both)
    client_of(both).get(f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&peers=C01+C02")
    assert Output.objects.count() == 2 and vote(both, first).status_code == 403


# --- at once


@pytest.mark.django_db(transaction=True)
def test_votes_cast_at_once_are_two_at_most(output, person, client_of, vote):
    several = [person(Role.CHECKER, name=f"Checker {at}") for at in range(4)]
    ready, statuses = threading.Barrier(4), []

    def cast(user):
        ready.wait()
        try:
            statuses.append(vote(user, output).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=cast, args=(user,)) for user in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 302, 403, 403]
    assert Vote.objects.filter(output=output).count() == 2


def test_the_database_itself_has_no_room_for_a_second_vote_of_one_or_a_fourth(output, checkers):
    def made(place, by):
        with transaction.atomic():
            Vote.objects.create(output=output, place=place, by=by, outcome="approve", reason="x")

    made(1, checkers[0])
    for place, by in ((1, checkers[1]), (2, checkers[0]), (4, checkers[2])):
        with pytest.raises(IntegrityError):
            made(place, by)
