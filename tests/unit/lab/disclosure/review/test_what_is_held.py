"""What nobody registered never leaves by itself: it is held, and says nothing until a checker has looked at it."""

import base64
import json
import stat
import traceback
from dataclasses import replace

import pyarrow as pa
import pytest

from farr.lab.disclosure.gate import Refused, Unregistered, release
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.held import Held, Review
from farr.lab.disclosure.review.item import Asking, Item, ReviewError, read_item
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.disclosure.review.wording import sql_of, words_of
from farr.lab.disclosure.vault import Contents
from farr.lab.model.question import AggregateKind, Grouping
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import CutsOfAge

SPELL = APC_SPELL.unbound
IS_MALE = SPELL.Sex == "1"


def with_aggregate(question, **changes):
    first, *others = question.aggregates
    return replace(question, aggregates=(replace(first, **changes), *others))


def unregistered(rig):
    plain = rig.proportion()
    summed = replace(rig.mean().aggregates[0], value=SPELL.Length_of_Stay)
    return {
        "rows": replace(plain, where=IS_MALE),
        "rows, besides": replace(plain, where=plain.where & IS_MALE),
        "numerator": with_aggregate(plain, where=IS_MALE),
        "sum": replace(rig.mean(), aggregates=(summed, rig.mean().aggregates[1])),
        "a constant": replace(plain, where=SPELL.Age.notnull() | True),
    }


@pytest.mark.parametrize("which", ["rows", "rows, besides", "numerator", "sum", "a constant"])
def test_a_condition_of_ones_own_never_leaves_by_itself(rig, busy, desk, which):
    question = unregistered(rig)[which]
    assert question.aggregates[0].kind in AggregateKind
    for review in (None, Review(), Review(registry=CutsOfAge()), Review(registry=CutsOfAge(), shelf=desk.shelf)):
        sealed = rig.sealed_of(question, rig.cells_of(question, busy()))
        with pytest.raises(Unregistered, match="say why it is needed"):
            release(sealed, rig.ledger) if review is None else release(sealed, rig.ledger, review)
    assert {line["outcome"] for line in desk.lines} == {"not asked"}
    desk.held(question, busy())
    assert not any("values" in line for line in desk.lines)


def test_by_itself_the_gate_knows_nothing_as_registered(rig, busy):
    with pytest.raises(Unregistered):
        release(rig.sealed_of(rig.proportion(), rig.cells_of(rig.proportion(), busy())), rig.ledger)


@pytest.mark.parametrize(
    "change",
    [{"name": "other"}, {"groupings": (Grouping(),)}, {"groupings": (Grouping(monthly=True),)}],
    ids=lambda change: next(iter(change)),
)
def test_the_shape_of_a_registered_question_counts_as_well_as_its_conditions(rig, busy, desk, change):
    class Declared:
        def put(self, question):
            yield rig.proportion()

    question = replace(rig.proportion(), **change)
    review = Review(registry=Declared(), shelf=desk.shelf)
    assert release(rig.sealed_of(rig.proportion(), rig.cells_of(rig.proportion(), busy())), rig.ledger, review).name == "example"
    with pytest.raises(Unregistered):
        release(rig.sealed_of(question, rig.cells_of(question, busy())), rig.ledger, review)


def test_a_registry_that_fails_registers_nothing(rig, busy, desk):
    class Broken:
        def put(self, question):
            raise ZeroDivisionError("4711")

    with pytest.raises(Refused) as refused:
        release(rig.sealed_of(rig.proportion(), rig.cells_of(rig.proportion(), busy())), rig.ledger, Review(registry=Broken()))
    assert "4711" not in str(refused.value) and [line["outcome"] for line in desk.lines] == ["refused"]


def test_what_is_held_says_nothing(rig, busy, desk):
    question = desk.own()
    with pytest.raises(Held) as held:
        desk.ask(question, busy() + rig.spells("N9", "N", 4711, 4))
    assert "held for review as review-" in str(held.value) and "4711" not in str(held.value)
    for frame, _ in traceback.walk_tb(held.tb):
        if "farr/lab" in frame.f_code.co_filename:
            kept = [*frame.f_locals.values(), *(each for value in frame.f_locals.values() if isinstance(value, dict) for each in value)]
            assert not any(isinstance(each, pa.Table | Released | Contents | Item) for each in kept)
            assert "protected" not in frame.f_locals.get("audit", {})
    assert held.value.__cause__ is None and held.value.__context__ is None


def test_the_ledger_says_who_asked_for_what_and_why_and_no_figure(busy, desk):
    question = desk.own()
    id = desk.held(question, busy())
    (line,) = desk.lines
    assert line["outcome"] == "held" and line["held"]["id"] == id
    assert line["held"]["asking"] == {"who": "A. Lee", "why": "For the frailty paper", "login": ""}
    assert line["held"]["question"] == json.loads(json.dumps(question.canonical()))
    assert set(line["held"]) == {
        "id", "question", "question_identity", "records", "agreement", "policy", "store_versions", "code_version", "asking", "sha256",
    }  # fmt: skip
    assert desk.ledger.released_of("apc_spell") == [] and desk.ledger.related(question) == []


def test_its_file_is_its_owners_alone_and_its_hash_tells_nothing(busy, desk):
    first = desk.held(desk.own(), busy())
    path = desk.shelf.folder / f"{first}.held"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(desk.shelf.folder.stat().st_mode) == 0o700
    item = read_item(path.read_bytes())
    assert read_item(replace(item, nonce="0").as_bytes()).table.equals(item.table)
    assert replace(item, nonce="0").as_bytes() != item.as_bytes()
    assert item.manifest.table_sha256 not in json.dumps(desk.lines)


def test_the_same_question_waits_once(busy, desk):
    first, again = (desk.held(desk.own(), busy()) for _ in range(2))
    assert first == again and len(desk.lines) == 1
    assert desk.held(desk.own(), busy(), versions={"apc_spell": 2}) != first  # other data


def test_what_waits_counts_as_a_question_that_was_asked(busy, desk):
    desk.held(desk.own(), busy(), agreed=1)
    with pytest.raises(Refused, match="all of them were asked"):
        desk.ask(desk.rig.proportion(), busy(), agreed=1)


def test_it_is_refused_as_any_other_where_it_cannot_be_protected(rig, busy, desk):
    question = desk.own()
    broken = rig.cells_of(question, busy()).drop_columns(["denominator__persons"])
    with pytest.raises(Refused, match="no column"):
        release(rig.sealed_of(question, broken), rig.ledger, Review(shelf=desk.shelf, asking=desk.asking))
    assert desk.shelf.ids() == [] and [line["outcome"] for line in desk.lines] == ["refused"]


def test_where_it_cannot_be_kept_it_is_refused(rig, busy, desk, tmp_path):
    (tmp_path / "file").write_text("")
    desk.shelf = Shelf(tmp_path / "file" / "held")
    with pytest.raises(Refused):
        desk.ask(desk.own(), busy())
    assert not any("values" in line or line["outcome"] == "held" for line in desk.lines)


@pytest.mark.parametrize("said", [{"who": " "}, {"why": ""}, {"why": "x" * 2001}, {"who": "A\x1b[2J"}, {"why": "", "login": "alee"}])
def test_who_asks_and_why_must_be_said(said):
    with pytest.raises(ReviewError, match="must say"):
        Asking(**{"who": "A. Lee", "why": "because", **said})


def legacy_table(released) -> dict:
    return {(row["grouping"], row["provider"]): (row["numerator"], row["numerator__status"]) for row in released.table.to_pylist()}


def test_a_later_question_is_protected_against_what_waits_as_if_it_were_out(rig, desk, legacy, tmp_path):
    """Of two months one is asked for later: what a provider has in the other follows by subtraction, and is small."""

    class Named:
        def put(self, question):
            yield from [question] if question.name != "own" else []

    both = [s for p in "ABCD" for m in ("2024-01", "2024-02") for s in rig.spells(p, "N", 100, 40, month=m)]
    both = [s for s in both if not (s.provider == "A" and s.month == "2024-02")] + rig.spells("A", "N", 3, 0, month="2024-02")
    january = [s for s in both if s.month == "2024-01"]
    # The same series by another name, so that one is registered and the other is not.
    wide, narrow = replace(rig.proportion(), name="own"), rig.proportion()
    narrow = replace(narrow, period=type(narrow.period).parse("2024-01"))

    def asked(ledger_of, first_name):
        fresh = type(desk)(rig=type(rig)(ledger_of), folder=ledger_of)
        review = Review(registry=Named(), shelf=fresh.shelf, asking=fresh.asking)
        try:
            first = replace(wide, name=first_name)
            release(rig.sealed_of(first, rig.cells_of(first, both), policy="hes_legacy", records=both), fresh.ledger, review)
        except Held:
            pass
        sealed = rig.sealed_of(narrow, rig.cells_of(narrow, january), policy="hes_legacy", records=both)
        return legacy_table(release(sealed, fresh.ledger, review))

    (tmp_path / "held_first").mkdir()
    (tmp_path / "out_first").mkdir()
    (tmp_path / "alone").mkdir()
    held, out = asked(tmp_path / "held_first", "own"), asked(tmp_path / "out_first", "free")
    fresh = type(rig)(tmp_path / "alone")
    sealed = rig.sealed_of(narrow, rig.cells_of(narrow, january), policy="hes_legacy", records=both)
    alone = legacy_table(release(sealed, fresh.ledger, Review(registry=Named())))
    assert held == out and held != alone


def test_what_waits_must_be_known_or_nothing_is_answered(rig, busy, desk):
    id = desk.held(desk.own(), busy())
    question = rig.proportion()
    with pytest.raises(Refused, match="waits for review, and what it holds must be known"):
        release(rig.sealed_of(question, rig.cells_of(question, busy())), rig.ledger, Review(registry=CutsOfAge()))
    (desk.shelf.folder / f"{id}.held").unlink()
    with pytest.raises(Refused, match=f"is missing or cannot be read; restore it from a backup, or type: farr review refuse {id}"):
        desk.ask(question, busy())
    desk.refuse(desk.decision(id, approved=False, reason="The file is gone"))
    assert desk.ask(question, busy()).name == "example"


def test_a_free_answer_takes_no_figure_from_what_waits(rig, busy, desk):
    """A row that is hidden now and was shown before keeps its earlier figure: not one that nobody has seen yet."""

    class Never:
        def put(self, question):
            return ()

    question = rig.proportion()
    review = Review(registry=Never(), shelf=desk.shelf, asking=desk.asking)
    before = busy() + rig.spells("N9", "N", 100, 40)
    with pytest.raises(Held):
        release(rig.sealed_of(question, rig.cells_of(question, before), records=before, policy="hes_legacy"), rig.ledger, review)
    after = busy() + rig.spells("N9", "N", 100, 3)
    released = desk.ask(question, after, versions={"apc_spell": 2}, policy="hes_legacy")  # registered since
    row = next(row for row in released.table.to_pylist() if row["provider"] == "N9")
    assert (row["numerator"], row["numerator__status"]) == (None, "suppressed")


def test_the_words_are_those_of_the_question(rig):
    question = replace(rig.mean(), where=IS_MALE & (SPELL.Age >= 17))
    count = replace(question.aggregates[1], name="old", where=question.where & (SPELL.Age >= 90))
    words = words_of(replace(question, aggregates=(*question.aggregates, count, replace(count, name="all", where=question.where))))
    said = {part: " ".join(text.split()) for part, text in words}
    assert said["rows"] == """( "Sex" = '1' ) AND ( "Age" >= 17 )""" and said["months"] == "2024-01..2024-02"
    assert said["figure 'numerator'"] == """the sum of "Age", over these rows where "Age" < 200; they lie within 'denominator'"""
    assert said["figure 'old'"] == """how many of these rows where "Age" >= 90""" and said["figure 'all'"] == "how many of these rows"
    assert [text for part, text in words if part == "breakdown"] == ["provider", "provider_region", "the nation"]


@pytest.mark.parametrize("text", ['"t0".K80', "t0.K80", "'; --"])
def test_a_text_that_is_compared_with_is_shown_as_it_is(text):
    assert sql_of(SPELL.Sex == text) == f""""Sex" = '{text.replace("'", "''")}'"""


def test_what_the_shelf_gives_back_is_what_was_put(busy, desk):
    id = desk.held(desk.own(), busy())
    entry = desk.ledger.docket().entry(id)
    path = desk.shelf.folder / f"{id}.held"
    content = json.loads(path.read_bytes())
    values = bytearray(base64.b64decode(content["values"]))
    values[len(values) // 2] ^= 1
    for edited in (
        json.dumps({**content, "values": base64.b64encode(bytes(values)).decode()}).encode(),
        b"",
        b"{}",
        path.read_bytes() + b" ",
    ):
        path.write_bytes(edited)
        with pytest.raises(ReviewError, match="was changed since it was held"):
            desk.shelf.get(id, entry.sha256, entry.period)
