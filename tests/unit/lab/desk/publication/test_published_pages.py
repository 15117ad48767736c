"""Pages are made ahead of every larger organisation, of released figures, signed one by one, and again only where something is new."""

import pytest

from farr.lab.desk.answering.askable import DeskError
from farr.lab.desk.publication import pages
from farr.lab.desk.publication.pages import norms_ahead
from farr.lab.desk.showing.page import page_of
from farr.lab.model.period import Month
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Contents, Overview, Page
from farr.lab.model.showing.signed import (
    CONTENTS,
    NotSigned,
    ahead_about,
    contents_about,
    overview_about,
    overview_path,
    page_path,
    read_signed,
    write_signed,
)
from tests.unit.lab.desk.publication.conftest import NAMES, Tiny, show

ORGANISATIONS = [("provider", "RA0"), ("provider", "RA1"), ("provider", "RA2"), ("provider", "RZZ"),
                 ("commissioner", "00C"), ("commissioner", "01C"), ("national", "national")]  # fmt: skip


def files(home: Tiny) -> dict[str, bytes]:
    folder = home.home.published / "pages"
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def page(home: Tiny, level: str, code: str, measure: str, norm: str = "national") -> Page:
    path = page_path(level, code, measure, norm)
    return read_signed(files(home)[path], Page, ahead_about(level, code, measure, norm), home.keys, path)


def overview(home: Tiny, level: str, code: str, norm: str = "national") -> Overview:
    path = overview_path(level, code, norm)
    return read_signed(files(home)[path], Overview, overview_about(level, code, norm), home.keys, path)


def contents(home: Tiny) -> Contents:
    return read_signed(files(home)[CONTENTS], Contents, contents_about(), home.keys, CONTENTS)


SMALLER = [("practice", f"A8100{at}") for at in range(4)]


def made(measures=NAMES, norms=("national",)) -> set[str]:
    """What is made of the tiny home: emergency admissions are of commissioners and the nation alone."""
    per_head = {"emergency_admissions"}
    found = {CONTENTS}
    for level, code in ORGANISATIONS:
        for norm in norms:
            found.add(overview_path(level, code, norm))
            found |= {page_path(level, code, each, norm) for each in measures if level != "provider" or each not in per_head}
    return found


def test_every_larger_organisation_has_an_overview_and_a_page_of_each_measure(shown):
    assert set(files(shown)) == made()
    told = contents(shown)
    assert [(each.level, each.code) for each in told.organisations] == [*ORGANISATIONS[:-1], *SMALLER, ORGANISATIONS[-1]]
    assert (told.organisations[0].name, told.organisations[0].parent) == ("Place RA0", "Y1")
    assert {card.name for card in told.measures} == set(NAMES) and told.ahead == ("national",)
    assert told.purposes == ("benchmarking",) and (told.first_month, told.last_month) == ("2024-01", "2025-02")
    assert told.levels["provider"] == ("Provider", "providers") and {"own_list", "region"} <= {norm.name for norm in told.norms}
    for level, code in ORGANISATIONS:
        found = overview(shown, level, code)
        for summary in found.summaries:
            assert page(shown, level, code, summary.measure, summary.norm).summary == summary


def test_practices_are_listed_with_their_commissioner_and_the_year_to_ask_for(shown):
    told = contents(shown)
    assert [(each.code, each.name, each.parent) for each in told.organisations if each.level == "practice"] == [
        ("A81000", "Place A81000", "00C"), ("A81001", "Place A81001", "01C"), ("A81002", "Place A81002", "00C"),
        ("A81003", "Place A81003", "01C"),
    ]  # fmt: skip
    assert told.periods["practice"] == dict.fromkeys(NAMES, "2024-01..2024-12") and told.levels["practice"] == ("Practice", "practices")
    assert not {"provider", "commissioner", "national"} & set(told.periods)
    assert not {"locality", "postcode_district"} & {each.level for each in told.organisations}  # the stays say none
    assert show(shown, measures=["length_of_stay"]).periods == told.periods


def test_a_page_made_ahead_is_what_the_desk_answers_and_can_be_asked_for_again(shown):
    found = page(shown, "provider", "RA0", "day_case_rate")
    for request in (BenchmarkRequest(organisation="RA0", measure="day_case_rate", level="provider"), found.request):
        again = page_of(shown.desk().answer(request), request, made_at=found.made_at)
        assert again.model_copy(update={"releases": ()}) == found.model_copy(update={"releases": ()})
        assert [each["derived_from"] for each in again.releases] == [each["derived_from"] for each in found.releases]


def test_what_is_hidden_in_the_releases_is_hidden_on_the_page(shown):
    small = page(shown, "provider", "RZZ", "day_case_rate")
    assert small.summary.figure == "*" and all("Not shown" in line.cells[-1] for line in small.table.lines if line.code == "RZZ")
    figures = {"numerator", "denominator", "value", "lower", "upper", "difference", "rank", "quartile", "spells", "completeness"}
    for level, code in ORGANISATIONS:
        for sheet in page(shown, level, code, "day_case_rate").sheets:
            fields = [column.field for column in sheet.columns]
            hidden = [row for row in (dict(zip(fields, cells, strict=True)) for cells in sheet.rows) if row["status"] == "suppressed"]
            assert not [name for row in hidden for name in figures if row.get(name) is not None]


def test_the_ledger_knows_which_releases_reach_back_how_far(shown):
    found = page(shown, "provider", "RA0", "day_case_rate")
    year, months = (each["derived_from"][0] for each in found.releases[:2])  # 2024-03..2025-02, 2024-01..2025-02
    early = shown.home.ledger("tiny").reaching_before(Month(2024, 3))
    assert months in early and year not in early and year in shown.home.ledger("tiny").reaching_before(Month(2024, 4))


def test_no_more_releases_are_written_than_before(public):
    before = sorted(path.name for path in public.home.published.iterdir())
    show(public)
    assert sorted(path.name for path in public.home.published.iterdir() if path.name != "pages") == before


def test_a_page_in_the_place_of_another_is_not_read(shown):
    raw = files(shown)[page_path("provider", "RA0", "day_case_rate", "national")]
    with pytest.raises(NotSigned, match="about something else"):
        read_signed(raw, Page, ahead_about("provider", "RA1", "day_case_rate", "national"), shown.keys, "p")


def test_a_second_run_changes_nothing_and_asks_nothing(shown, monkeypatch):
    before = files(shown)
    monkeypatch.setattr(pages._Organisation, "written", None)
    assert show(shown) == contents(shown)
    assert files(shown) == before


def test_what_is_missing_is_made_again(shown):
    before = set(files(shown))
    folder = shown.home.published / "pages"
    (folder / page_path("provider", "RA0", "day_case_rate", "national")).unlink()
    (folder / overview_path("provider", "RA1", "national")).write_bytes(b"")
    show(shown)
    assert set(files(shown)) == before and overview(shown, "provider", "RA1").summaries


def test_new_records_make_new_pages(shown):
    before = page(shown, "provider", "RA0", "day_case_rate")
    shown.resend([shown.store.months("apc_spell")[-1]], 450)
    shown.publish()
    show(shown)
    after = page(shown, "provider", "RA0", "day_case_rate")
    assert after.table != before.table and after.releases[0]["store_versions"] != before.releases[0]["store_versions"]


def test_a_run_of_some_measures_leaves_the_others_pages(shown):
    told = show(shown, measures=["length_of_stay"])
    assert set(files(shown)) == made()
    assert {card.name for card in told.measures} == set(NAMES) and len(told.organisations) == len(ORGANISATIONS + SMALLER)
    assert {each.measure for each in overview(shown, "commissioner", "00C").summaries} == set(NAMES)


def test_where_the_contents_cannot_be_used_nothing_of_before_is_kept(shown):
    (shown.home.published / "pages" / CONTENTS).write_bytes(b"x")
    told = show(shown, measures=["length_of_stay"])
    assert set(files(shown)) == made(["length_of_stay"])
    assert {card.name for card in told.measures} == set(NAMES)  # of practices, whose years stand in the catalogue
    assert {each.measure for each in overview(shown, "commissioner", "00C").summaries} == {"length_of_stay"}


def test_what_is_no_longer_made_is_removed(shown, monkeypatch):
    folder = shown.home.published / "pages"
    stranger = folder / "provider.GONE" / "length_of_stay.national.json.gz"
    other = folder / "provider.RA0" / "day_case_rate.region.json.gz"
    for path in (stranger, other):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    show(shown, measures=["length_of_stay"])
    assert not stranger.parent.exists() and other.exists()  # of measures not asked for now, nothing is known
    monkeypatch.setattr(type(shown.desk()), "measures", {name: shown.desk().measures[name] for name in NAMES[:2]})
    show(shown, measures=())
    assert set(files(shown)) == made(NAMES[:2])


def test_a_run_that_is_stopped_leaves_every_file_whole(shown, monkeypatch):
    shown.resend([shown.store.months("apc_spell")[-1]], 450)
    shown.publish()
    written = []

    def stopped(path, content):
        if len(written) == 7:
            raise KeyboardInterrupt
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(pages, "replace_file", stopped)
    with pytest.raises(KeyboardInterrupt):
        show(shown)
    assert set(files(shown)) == made()
    for level, code in ORGANISATIONS:
        assert all(page(shown, level, code, each.measure) for each in overview(shown, level, code).summaries)
    monkeypatch.undo()
    show(shown)
    assert {each.made_at for each in (overview(shown, *at) for at in ORGANISATIONS)} == {contents(shown).made_at}


def test_what_could_not_be_made_is_told_with_the_reason(shown):
    show(shown, norms=("national", "similar_ten"))
    found = overview(shown, "provider", "RA0", "similar_ten")
    ((reason, titles),) = found.left_out
    assert found.summaries == () and "provider_feature" in reason and len(titles) == 2
    show(shown, measures=["day_case_rate"], norms=("national", "similar_ten"))
    assert overview(shown, "provider", "RA0", "similar_ten").left_out == ((reason, titles[::-1]),)


def test_the_notice_of_a_release_stands_on_its_pages(shown):
    source = page(shown, "provider", "RA0", "day_case_rate").releases[0]["derived_from"][0]
    catalogue = shown.catalogue.model_copy(update={"notices": {source: "Records were destroyed."}})
    desk = shown.desk()
    told = pages.publish_pages(desk, catalogue, measures=NAMES, norms=norms_ahead(desk, ["national"]))
    assert page(shown, "provider", "RA0", "day_case_rate").notes[0] == "Records were destroyed."
    assert told.notices == {source: "Records were destroyed."}


def test_norms_that_need_something_said_are_not_made_ahead(tiny):
    with pytest.raises(DeskError, match="'own_list' needs peers that somebody names"):
        norms_ahead(tiny.desk(), ["national", "own_list"])
    with pytest.raises(DeskError, match="there is no norm 'x'"):
        norms_ahead(tiny.desk(), ["x"])


def test_an_overview_says_which_verdicts_turned_since_the_publication_before(shown):
    """The overview that stands is made to say something else; the next publication tells that it turned, and goes on telling it."""
    path, about = overview_path("provider", "RA0", "national"), overview_about("provider", "RA0", "national")
    standing = overview(shown, "provider", "RA0")
    (stay,) = [each for each in standing.summaries if each.measure == "length_of_stay"]
    assert standing.changes == ()

    def stood(agreement):
        other = stay.model_copy(update={"verdict": "Low", "certainty": (0, 9.0), "period": "a year before"})
        summaries = (other, *(each for each in standing.summaries if each != stay))
        changed = standing.model_copy(update={"summaries": summaries, "agreement": agreement, "made_at": "2025-01-02T09:00:00+00:00"})
        (shown.home.published / "pages" / path).write_bytes(write_signed(changed, about, shown.home.release_key()))
        shown.resend([Month.parse("2025-02")], 901 + len(agreement))  # something is new
        shown.publish()
        show(shown)
        return overview(shown, "provider", "RA0").changes

    (said,) = stood("tiny")
    assert said.startswith(f"{stay.title}: ") and "in the publication of 2 January 2025 (a year before) it was “low”" in said
    show(shown, measures=["day_case_rate"])
    assert overview(shown, "provider", "RA0").changes == (said,)
    assert stood("another") == (), "what another agreement published is nothing to compare with"
