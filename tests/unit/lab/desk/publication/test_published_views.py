"""What farr publish puts out: readable, safe, complete, and the same again from the same data."""

import pytest

from farr.lab.desk.answering.assemble import NotHeld
from farr.lab.desk.desk import Desk
from farr.lab.desk.publication.catalogue import ViewKind, read_catalogue
from farr.lab.desk.publication.views import publish_views
from farr.lab.disclosure.released import read_published
from farr.lab.model.period import Month, Period


@pytest.fixture
def published(public):
    return public.catalogue


def found(catalogue, measure: str, level: str, kind: ViewKind):
    (entry,) = [each for each in catalogue.entries if (each.measure, each.level, each.kind) == (measure, level, kind)]
    return entry


def tables(home, entry):
    return [read_published(home.home.published / name, home.keys).table for name in entry.releases]


def test_every_release_of_the_catalogue_reads_back(public, published):
    keys = public.keys
    ids = {name for entry in published.entries for name in entry.releases}
    assert len(ids) > 12
    for name in ids:
        assert read_published(public.home.published / name, keys).manifest.agreement == "tiny"
    assert {path.name for path in public.home.published.iterdir() if path.is_dir()} == ids


def test_views_are_those_of_the_design(published):
    kinds = {}
    for entry in published.entries:
        kinds.setdefault((entry.measure, entry.level), set()).add(entry.kind)
    large = {ViewKind.YEAR, ViewKind.MONTHS, ViewKind.BREAKDOWN}
    assert kinds["day_case_rate", "provider"] == kinds["day_case_rate", "commissioner"] == large
    assert kinds["day_case_rate", "national"] == kinds["day_case_rate", "region"] == {ViewKind.YEAR, ViewKind.MONTHS}
    for small in ("practice", "locality", "postcode_district"):
        assert kinds["day_case_rate", small] == {ViewKind.YEAR}


def test_practices_have_the_year_that_ends_with_a_quarter(published):
    assert found(published, "day_case_rate", "practice", ViewKind.YEAR).period == "2024-01..2024-12"
    assert found(published, "day_case_rate", "provider", ViewKind.YEAR).period == "2024-03..2025-02"
    assert found(published, "day_case_rate", "provider", ViewKind.MONTHS).period == "2024-01..2025-02"


def test_no_published_count_is_small_and_large_ones_are_shown(public, published):
    shown = hidden = 0
    for entry in published.entries:
        for table in tables(public, entry):
            for name in ("numerator", "denominator", "count"):
                if name not in table.column_names or entry.measure == "length_of_stay":
                    continue
                values = table[name].to_pylist()
                assert not [value for value in values if value is not None and 1 <= value <= 7]
                shown += sum(value is not None for value in values)
                hidden += sum(value is None for value in values)
    assert shown > 100 and hidden > 0


def test_the_small_trust_is_hidden_in_its_months(public, published):
    activity = tables(public, found(published, "day_case_rate", "provider", ViewKind.MONTHS))[0].to_pylist()
    small = [row for row in activity if row.get("provider") == "RZZ"]
    assert small and {row["denominator__status"] for row in small} == {"suppressed"} and not any(row["denominator"] for row in small)
    assert {row["denominator__status"] for row in activity if row.get("provider") == "RA0"} == {"rounded"}


def test_a_rate_per_head_has_its_people_beside_it(public, published):
    activity, people = tables(public, found(published, "emergency_admissions", "commissioner", ViewKind.YEAR))
    assert "numerator" in activity.column_names and "denominator" in people.column_names
    assert {row["denominator"] for row in people.to_pylist() if row["grouping"] == 0} == {12 * 4 * (5000 + 5200), 12 * 4 * (5100 + 5300)}


def test_what_cannot_be_made_says_why(tiny):
    catalogue = publish_views(tiny.desk(), measures=("ae_attendances", "day_case_rate"), breakdowns=())
    missing = [entry for entry in catalogue.entries if entry.measure == "ae_attendances"]
    assert missing and all(entry.releases == () and "type: farr ingest" in entry.reason for entry in missing)
    assert found(catalogue, "day_case_rate", "provider", ViewKind.YEAR).reason is None


def test_a_store_without_records_publishes_nothing(tiny):
    for table in ("apc_spell", "population"):
        (tiny.store.folder / table).rename(tiny.home.folder / table)
    with pytest.raises(NotHeld, match="no records are held"):
        publish_views(tiny.desk(), measures=("day_case_rate",))
    assert read_catalogue(tiny.home.published, tiny.keys) is None


def test_a_second_run_publishes_nothing_new(public, published):
    before = {path.name: path.stat().st_mtime_ns for path in public.home.published.iterdir() if path.is_dir()}
    again = public.publish()
    assert again.entries == published.entries
    assert {path.name: path.stat().st_mtime_ns for path in public.home.published.iterdir() if path.is_dir()} == before


def test_after_a_month_is_sent_again_the_earlier_edition_stands_beside(public, published):
    public.resend([Month(2025, 2)], 1200)
    again = public.publish()
    before, now = (found(each, "day_case_rate", "provider", ViewKind.YEAR) for each in (published, again))
    assert now.releases != before.releases
    assert now.earlier == ({"period": before.period, "releases": before.releases},)
    for name in before.releases:
        assert read_published(public.home.published / name, public.keys).manifest.store_versions["apc_spell"] == 0
    assert read_catalogue(public.home.published, public.keys) == again


def test_earlier_editions_outlast_a_run_that_fails(public, published, monkeypatch):
    before = found(published, "day_case_rate", "provider", ViewKind.MONTHS)

    def none(*_):
        raise NotHeld("no records of apc_episode are held")

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "latest_year", none)
        entry = found(public.publish(), "day_case_rate", "provider", ViewKind.MONTHS)
    assert entry.releases == () and entry.reason == "no records of apc_episode are held"
    assert [each["releases"] for each in entry.earlier] == [before.releases]
    back = found(public.publish(), "day_case_rate", "provider", ViewKind.MONTHS)
    assert back.releases == before.releases and back.earlier == entry.earlier


def test_views_that_are_not_asked_for_stay_in_the_catalogue(public, published):
    again = publish_views(public.desk(), measures=("day_case_rate",), breakdowns=())
    assert {entry.measure for entry in again.entries} == {"day_case_rate", "length_of_stay", "emergency_admissions"}


def test_months_that_the_nation_holds_in_part_are_left_out_of_every_year(tiny):
    tiny.resend([Month(2025, 2)], 100)
    catalogue = publish_views(tiny.desk(), measures=("day_case_rate",), breakdowns=())
    year = found(catalogue, "day_case_rate", "provider", ViewKind.YEAR)
    assert year.left_out == ("2025-02",)
    assert found(catalogue, "day_case_rate", "provider", ViewKind.MONTHS).left_out == ()
    counted = sum(row["denominator"] for row in tables(tiny, year)[0].to_pylist() if row["grouping"] == 2)
    months = Period.parse(year.period)
    assert counted == pytest.approx(len(list(months.months())[:-1]) * 900 * 4 / 5, abs=5)
