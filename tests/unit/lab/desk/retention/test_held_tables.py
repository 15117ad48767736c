"""Held tables go with the records that they rest on: they are sealed with their years' keys, swept, and approved no more."""

import json
from dataclasses import replace

import pytest

from farr.lab.desk.desk import Desk
from farr.lab.desk.home import make_key
from farr.lab.desk.retention.destroy import destroy
from farr.lab.desk.reviewing.checkers import Checkers
from farr.lab.desk.reviewing.deciding import Checking
from farr.lab.desk.reviewing.shelves import shelf_of
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.review.docket import State
from farr.lab.disclosure.review.held import Held
from farr.lab.disclosure.review.item import ReviewError, read_item
from farr.lab.model.agreement import AtRest, Signatory
from farr.lab.model.period import FinancialYear, Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

OLD, NEW, BOTH = "2019-05..2020-03", "2020-05..2021-03", "2019-05..2021-03"


def own(period) -> Question:
    rows = APC_SPELL.unbound.Age.isnull()
    count = Aggregate(name="spells", kind=AggregateKind.COUNT, where=rows)
    return Question(
        name="own", table=APC_SPELL, period=Period.parse(period), where=rows, aggregates=(count,), groupings=(Grouping(),)
    )  # fmt: skip


@pytest.fixture
def holding(place, monkeypatch):
    """Holds a question of one's own over a period; its id."""

    def hold(period) -> str:
        with pytest.raises(Held) as held:
            Desk(place.home, "leeds").ask(own(period), why="For a paper", asker="A. Lee")
        return held.value.id

    monkeypatch.setattr("farr.lab.desk.reviewing.deciding.login", lambda: "bshah")
    place.checker = make_key(place.folder / "shah.pem")
    Checkers(place.home).trust("B. Shah", place.checker, role=Signatory.GUARDIAN, vouching=place.key(Signatory.GUARDIAN))
    place.approve_held = lambda id: Checking(place.home, "leeds").approve(id, checker="B. Shah", key=place.checker, reason="Fine")
    return hold


def files(place) -> set[str]:
    return {path.stem for path in (place.home.folder / "held" / "leeds").glob("*.held")}


def test_a_held_table_is_sealed_with_the_key_of_each_of_its_years(place, holding):
    id = holding(BOTH)
    raw = (place.home.folder / "held" / "leeds" / f"{id}.held").read_bytes()
    head, _, body = raw.partition(b"\n")
    assert json.loads(head) == ["2019-20", "2020-21"] and b"spells" not in body
    with pytest.raises(ValueError):
        read_item(body)
    place.store.keys.close(FinancialYear.parse("2019-20"), "test")
    with pytest.raises(ReviewError, match=f"{id} rests on records of 2019-20, which were destroyed, or are being destroyed"):
        place.approve_held(id)


def test_where_records_are_not_encrypted_nothing_is_sealed(place, holding):
    terms = place.home.agreement("leeds").terms
    entry_id = holding(NEW)
    sealed = shelf_of(place.home, terms)
    entry = Checking(place.home, "leeds").look(entry_id).entry
    item = sealed.get(entry_id, entry.sha256, entry.period)
    plain = shelf_of(place.home, terms.model_copy(update={"at_rest": AtRest.VOLUME}))
    sha256 = plain.put(replace(item, id="review-plain"))
    raw = (plain.folder / "review-plain.held").read_bytes()
    assert raw.startswith(b"[]\n{") and plain.get("review-plain", sha256, entry.period).table.equals(item.table)


def test_another_key_or_name_does_not_open_it(place, holding):
    id = holding(NEW)
    entry = Checking(place.home, "leeds").look(id).entry
    shelf = shelf_of(place.home, place.home.agreement("leeds").terms)
    path = shelf.folder / f"{id}.held"
    raw = path.read_bytes()
    (shelf.folder / "review-other.held").write_bytes(raw)
    with pytest.raises(ReviewError, match="sealed with other keys"):
        shelf.get("review-other", entry.sha256, entry.period)
    path.write_bytes(b"[]\n" + raw.partition(b"\n")[2])
    with pytest.raises(ReviewError, match="was changed since it was held"):
        shelf.get(id, entry.sha256, entry.period)


def test_destruction_takes_what_rests_on_what_goes_and_nothing_else(place, holding):
    old, both, new = (holding(period) for period in (OLD, BOTH, NEW))
    left = place.home.folder / "held" / "leeds" / ".review-killed.new"
    left.write_bytes(b"what a killed program left")
    assert files(place) == {old, both, new}
    destroy(place.home, "leeds", Month(2020, 4), place.hands)
    assert files(place) == {new} and not left.exists()
    states = {each.id: each.state for each in Checking(place.home, "leeds").entries()}
    assert states == {old: State.DESTROYED, both: State.DESTROYED, new: State.WAITING}
    for id in (old, both):
        with pytest.raises(ReviewError, match="rests on records that were destroyed since, and went with them"):
            place.approve_held(id)
    with pytest.raises(Refused):  # of months that are gone there is nothing to count, and nothing to hold
        Desk(place.home, "leeds").ask(own(OLD), why="For a paper", asker="A. Lee")
    released, path = place.approve_held(new)
    assert path.is_dir() and released.manifest.approvers == ("B. Shah",)


def test_a_copy_that_comes_back_is_not_approved(place, holding):
    id = holding(OLD)
    path = place.home.folder / "held" / "leeds" / f"{id}.held"
    raw = path.read_bytes()
    destroy(place.home, "leeds", Month(2020, 4), place.hands)
    path.write_bytes(raw)
    with pytest.raises(ReviewError, match="destroyed since"):
        place.approve_held(id)
    assert "own" not in {json.loads(manifest.read_text())["name"] for manifest in place.home.published.glob("*/manifest.json")}


def test_what_was_approved_is_marked_as_other_releases_are(place, holding):
    _, path = place.approve_held(holding(OLD))
    destroy(place.home, "leeds", Month(2020, 4), place.hands)
    assert "were destroyed" in (path / "notice.json").read_text()
