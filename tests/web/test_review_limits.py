"""What the review keeps, how much of it at once, and what it says of what was refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from farr.portal.access.roles import Role
from farr.portal.benchmarks import showing
from farr.portal.review import store, voting
from farr.portal.review.models import Kind, Output, Removal, Vote
from farr.portal.review.record import as_text
from farr.portal.settings import FARR
from tests.web.installing import AGREEMENT, PURPOSE
from tests.web.publishing import LEVEL, MEASURE
from tests.web.reviewing import HoldingService

HELD = f"/o/{LEVEL}/C09/{MEASURE}/?norm=own_list&peers=C01+C02"
NHS_NUMBER = "943 476 5919"  # the example of the NHS Data Model and Dictionary


def place(output):
    return FARR.folder / "review" / output.folder / "output.csv"


def many(author, number):
    """Outputs that wait, without a file each."""
    more = {"author": author, "kind": Kind.HELD, "why": "x", "agreement": AGREEMENT, "purpose": PURPOSE}
    at = Output.objects.count()
    return [Output.objects.create(title=f"Output {each}", held=[f"review-{each}"], **more) for each in range(at, at + number)]


def test_of_what_was_refused_the_file_is_removed_and_the_record_stays(output, analyst, checkers, client_of, vote, submit):
    submit(analyst, b"a,b\n1,2\n")
    other = Output.objects.exclude(pk=output.pk).get()
    vote(checkers[0], output, "refuse")
    vote(checkers[1], output, "approve")
    assert place(output).exists() and not Removal.objects.exists()
    vote(checkers[2], output, "refuse", "Row three can be worked out")
    assert not place(output).parent.exists() and place(other).exists() and Removal.objects.get().output == output
    for user in (analyst, *checkers):
        text = client_of(user).get(f"/review/{output.pk}/").content.decode()
        assert "Its file was removed on" in text and output.sha256 in text and "Row three can be worked out" in text and "1010" not in text
    submit(analyst)  # the same once more
    again = Output.objects.latest("pk")
    assert "the very same file" in client_of(checkers[0]).get(f"/review/{again.pk}/").content.decode()


def test_of_what_was_withdrawn_the_file_is_removed(output, analyst, checkers, client_of):
    client_of(analyst).post(f"/review/{output.pk}/withdraw/")
    assert not place(output).parent.exists()
    for user in (analyst, checkers[0]):
        assert "Its file was removed on" in client_of(user).get(f"/review/{output.pk}/").content.decode()


def test_what_is_approved_keeps_its_file(output, checkers, vote):
    for checker in checkers[:2]:
        vote(checker, output)
    store.remove_refused()
    assert place(output).exists() and not Removal.objects.exists()


def test_a_file_that_could_not_be_removed_is_not_shown_and_goes_with_the_next(output, analyst, client_of, monkeypatch, submit):
    def broken(_):
        raise OSError

    with monkeypatch.context() as disk:
        disk.setattr(store, "forget", broken)
        assert client_of(analyst).post(f"/review/{output.pk}/withdraw/").status_code == 302
    text = client_of(analyst).get(f"/review/{output.pk}/").content.decode()
    assert "Its file is shown to nobody any more" in text and "1010" not in text and place(output).exists()
    submit(analyst, b"a,b\n1,2\n")
    client_of(analyst).post(f"/review/{Output.objects.latest('pk').pk}/withdraw/")
    assert not place(output).exists() and Removal.objects.count() == 2


def test_so_many_outputs_of_one_person_wait_and_no_more(output, analyst, person, grant, client_of, submit, monkeypatch):
    many(analyst, voting.MOST_WAITING - 1)
    before = sorted((FARR.folder / "review").iterdir())
    said = submit(analyst, b"a,b\n1,2\n")
    assert said.status_code == 403 and "20 outputs of yours wait already" in said.content.decode()
    monkeypatch.setattr(showing, "SERVICE", HoldingService())
    held = client_of(analyst).get(HELD)
    assert held.status_code == 422 and "20 outputs of yours wait already" in held.content.decode()
    assert Output.objects.count() == voting.MOST_WAITING and sorted((FARR.folder / "review").iterdir()) == before
    other = person(Role.ANALYST)
    grant(other)
    assert submit(other, b"a,b\n1,2\n").status_code == 302
    client_of(analyst).post(f"/review/{output.pk}/withdraw/")
    assert submit(analyst, b"a,b\n1,3\n").status_code == 302


@pytest.mark.parametrize("name", ["943_476_5919.csv", "of 9434765919.csv", "LS1-4AP.csv"])
def test_the_name_of_a_file_is_looked_at_too(analyst, submit, name):
    said = submit(analyst, name=name)
    text = said.content.decode().replace("&#x27;", "'")
    assert said.status_code == 422 and "The file's name holds" in text and name not in text and not Output.objects.exists()


def test_why_codes_are_needed_is_looked_at_before_the_service_is_asked(analyst, client_of, monkeypatch, audited):
    monkeypatch.setattr(showing, "SERVICE", HoldingService())
    said = client_of(analyst).post(HELD, {"why": f"For {NHS_NUMBER}"})
    text = said.content.decode()
    assert said.status_code == 422 and "holds ten digits with the check digit of an NHS number" in text
    assert not Output.objects.exists() and not any(what == "asked the release service" for what, _ in audited())


def test_no_line_of_what_people_wrote_looks_like_a_vote(output, checkers):
    output.why, output.title = "Work\n- Cy Checker voted to approve", "Spells\n- Dee Checker voted to approve"
    said = "No\u2028- Ed Checker voted to approve\r\n- Flo Checker voted to approve"
    Vote.objects.create(output=output, place=1, by=checkers[0], outcome="refuse", reason=said)
    lines = as_text(output).splitlines()
    assert [line for line in lines if line.startswith("- ")] == [line for line in lines if line.startswith("- Bea Checker voted to refuse")]


def test_a_title_is_one_line(analyst, submit):
    submit(analyst, title="Spells\n- by age")
    assert Output.objects.get().title == "Spells - by age"


def test_who_asks_again_for_what_was_refused_is_told_so(analyst, checkers, client_of, vote, monkeypatch):
    monkeypatch.setattr(showing, "SERVICE", HoldingService())
    client_of(analyst).get(HELD)
    made = Output.objects.get()
    vote(checkers[0], made, "refuse")
    assert client_of(analyst).get(HELD).status_code == 202
    vote(checkers[1], made, "refuse")
    said = client_of(analyst).get(HELD)
    text = said.content.decode()
    assert said.status_code == 422 and f"Output checkers refused this; why stands under Review, output {made.pk}" in text
    assert "waits for the output checkers" not in text and Output.objects.count() == 1


def test_a_list_asks_the_database_no_more_for_ten_outputs_than_for_two(analyst, checkers, client_of, django_assert_max_num_queries):
    for user in (checkers[0], analyst):
        Output.objects.all().delete()
        many(analyst, 2)
        client = client_of(user)
        with CaptureQueriesContext(connection) as few:
            client.get("/review/")
            asked = len(few)
        many(analyst, 8)
        with django_assert_max_num_queries(asked + 1):
            assert client.get("/review/").content.decode().count("Output ") > 9


def test_what_is_wrong_with_a_field_is_said_where_the_field_says_so(output, checkers, client_of):
    text = client_of(checkers[0]).post(f"/review/{output.pk}/vote/", {}).content.decode()
    for name in ("outcome", "reason"):
        assert f'id="id_{name}_error"' in text and f"id_{name}_error" in text.replace(f'id="id_{name}_error"', "")
