"""Pages that rest on what was destroyed stand as they were, and say so; the others are left."""

from dataclasses import replace

import pytest

from farr.lab.desk.publication.pages import PAGES
from farr.lab.desk.retention.destroy import destroy
from farr.lab.desk.retention.pages import mark_pages
from farr.lab.desk.showing.cards import norm_card
from farr.lab.desk.showing.overview import overview_of
from farr.lab.desk.showing.page import page_of
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Released
from farr.lab.measures.norms.similar_ten import NORM
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Contents, Overview, Page
from farr.lab.model.showing.signed import (
    CONTENTS,
    ahead_about,
    contents_about,
    overview_about,
    overview_path,
    page_path,
    read_signed,
    write_signed,
)
from tests.unit.lab.desk.retention.conftest import ID

AT = {"level": "commissioner", "norm": "national"}
MADE = {"made_at": "2021-05-01", "agreement": "t", "is_synthetic": True}


def resting_on(benchmark, source: str):
    """The benchmark, made of the release `source`."""
    rows = benchmark.rows
    manifest = replace(rows.manifest, release_id=f"of-{source}", derived_from=(source,))
    return replace(benchmark, rows=Released(manifest=manifest, table=rows.table, mint=MINT), trend=None, completeness=None)


class Shown:
    """Two organisations with a page each: C09's rests on `aaaa`, which was destroyed in part, and C05's on `bbbb`."""

    def __init__(self, home, make):
        self.home, self.folder, self.make = home, home.published / PAGES, make
        for code, source in (("C09", "aaaa"), ("C05", "bbbb")):
            at = {"organisation": code, "measure": "made_up"}
            page = page_of(resting_on(make(selected=int(code[1:])), source), BenchmarkRequest(**at), made_at="2021-05-01")
            self._write(page_path(**at, **AT), page, ahead_about(**at, **AT))
            overview = overview_of(
                [page.summary], [], organisation=code, organisation_name=code, level="commissioner",
                norm=replace(NORM, name="national"), **MADE,
            )  # fmt: skip
            self._write(overview_path(organisation=code, **AT), overview, overview_about(organisation=code, **AT))
        contents = Contents(
            **MADE, purposes=(), first_month="2019-04", last_month="2021-03", levels={}, organisations=(), measures=(),
            norms=(norm_card(NORM),), ahead=("national",),
        )  # fmt: skip
        self._write(CONTENTS, contents, contents_about())

    def _write(self, path, document, about):
        replace_file(self.folder / path, write_signed(document, about, self.home.release_key()))

    def page(self, code) -> Page:
        at = {"organisation": code, "measure": "made_up", **AT}
        return self._read(page_path(**at), Page, ahead_about(**at))

    def overview(self, code) -> Overview:
        return self._read(overview_path(organisation=code, **AT), Overview, overview_about(organisation=code, **AT))

    @property
    def contents(self) -> Contents:
        return self._read(CONTENTS, Contents, contents_about())

    def _read(self, path, kind, about):
        return read_signed((self.folder / path).read_bytes(), kind, about, {self.home.public_key()}, path)

    @property
    def files(self):
        return {path: path.read_bytes() for path in self.folder.rglob("*.gz")}


@pytest.fixture
def shown(place, make):
    return Shown(place.home, make)


def test_after_a_destruction_what_rests_on_it_says_so(shown, place, months):
    before = shown.files
    destroy(place.home, ID, months.first_kept, place.hands)
    assert "2019-04..2020-03 that this rests on were destroyed" in shown.page("C09").notes[0]
    assert shown.overview("C09").notes == (shown.page("C09").notes[0],)
    assert list(shown.contents.notices) == ["aaaa"]
    for path in before:
        assert ("C05" in str(path)) == (shown.files[path] == before[path])


def test_a_release_that_was_never_published_is_told_too(shown):
    mark_pages(shown.home, {"bbbb": "Records were destroyed."})
    assert shown.page("C05").notes[0] == "Records were destroyed." and "destroyed" not in " ".join(shown.page("C09").notes)
    assert shown.overview("C05").notes == ("Records were destroyed.",)


def test_marking_again_changes_nothing_and_what_cannot_be_read_is_left(shown):
    broken = shown.folder / "commissioner.C01" / "made_up.national.json.gz"
    replace_file(broken, b"x")
    mark_pages(shown.home, {"aaaa": "Records were destroyed."})
    once = shown.files
    mark_pages(shown.home, {"aaaa": "Records were destroyed."})
    assert shown.files == once and broken.read_bytes() == b"x"


def test_without_pages_there_is_nothing_to_mark(place):
    mark_pages(place.home, {"aaaa": "Records were destroyed."})
    assert not (place.home.published / PAGES).exists()
