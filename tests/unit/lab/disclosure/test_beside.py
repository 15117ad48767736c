"""Releases of other agreements of a home: known to the audit, never written to, and never spoken of."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.history.records import Names, Records
from farr.lab.disclosure.ledger import Ledger
from farr.lab.model.period import Month
from farr.lab.model.question import Grouping
from tests.registered import release

JANUARY, FEBRUARY = "2024-01", "2024-02"
PROVIDERS = Grouping(dimensions=("provider",))


class Home:
    """Agreements by name, each with a ledger of its own in one folder, and a delivery of its own of the same records."""

    def __init__(self, folder: Path, rig) -> None:
        self.folder, self.rig = folder / "ledger", rig

    def ledger(self, agreement: str) -> Ledger:
        return Ledger(self.folder / f"{agreement}.jsonl", beside=self.folder)

    def sealed(self, agreement: str, question, records, *, scheme: str = "1", **more):
        counted = [each for each in records if Month.parse(each.month) in question.months]
        cells = self.rig.cells_of(question, counted)
        return self.rig.sealed_of(
            question, cells, records=records, agreement=agreement, scheme=scheme, delivery=agreement, **{"policy": "hes_legacy"} | more
        )

    def release(self, agreement: str, question, records, **more):
        return release(self.sealed(agreement, question, records, **more), self.ledger(agreement))

    def shown(self, agreement: str, question, records, **more) -> dict[str, float | None]:
        rows = self.release(agreement, question, records, **more).table.to_pylist()
        return {row["provider"]: row["denominator"] for row in rows if row["provider"]}


@pytest.fixture
def home(tmp_path, rig, legacy):
    return Home(tmp_path, rig)


@pytest.fixture
def both(rig):
    return rig.proportion(PROVIDERS)


@pytest.fixture
def first(both):
    return replace(both, left_out=(Month.parse(FEBRUARY),))


@pytest.fixture
def records(rig):
    """Provider A has three spells in February: what both months have more than the first."""
    few = [("A", 60, 3), ("B", 70, 40), ("C", 80, 50)]
    return [
        each
        for provider, january, february in few
        for month, count in ((JANUARY, january), (FEBRUARY, february))
        for each in rig.spells(provider, "N", count, count // 2, month=month)
    ]


def gives_back(one: dict, two: dict) -> bool:
    return one["A"] is not None and two["A"] is not None and one["A"] - two["A"] == 3


def test_what_another_agreement_printed_is_not_subtracted_from(home, both, first, records):
    assert not gives_back(home.shown("a", both, records), home.shown("b", first, records))


def test_it_would_be_where_the_ledgers_are_apart(home, both, first, records, tmp_path, rig):
    assert gives_back(home.shown("a", both, records), Home(tmp_path / "another", rig).shown("b", first, records))


@pytest.mark.parametrize("scheme", ["", "2"], ids=["not noted", "noted with a secret that is lost"])
def test_what_is_not_known_to_be_other_is_taken_for_the_same(home, both, first, records, scheme):
    printed = home.shown("a", both, records, scheme=scheme)
    assert not gives_back(printed, home.shown("b", first, records))


def test_what_was_taken_for_the_same_and_cannot_be_is_let_go(home, both, first, records, rig):
    home.release("a", both, records, scheme="")
    others = rig.spells("A", "N", 400, 200) + rig.spells("B", "N", 300, 100)
    assert home.shown("b", first, others) == {"A": 400, "B": 300}


def test_other_records_are_no_reason_to_hide_any(home, both, first, records, rig):
    home.release("a", both, records)
    more = [*records, *rig.spells("A", "N", 7, 3, month=JANUARY)]
    assert home.shown("b", first, more)["A"] == 67


def test_months_of_two_others_are_one_where_what_both_tell_is_the_same():
    def known(files: str, columns: dict[str, str]) -> Records:
        return Records(files={JANUARY: files}, content={name: {JANUARY: each} for name, each in columns.items()}, scheme="1",
                       counted={"n": ("Age",)})  # fmt: skip

    names = Names(known("new", {"Age": "1", "Provider_Code": "1", "Provider_Region_Code": "1", "Sex": "1"}))
    providers = {"Provider_Code": "2", "Provider_Region_Code": "1"}

    def name(records: Records, *dimensions: str) -> tuple[str, bool]:
        return names.of(records, JANUARY, "n", "all", dimensions, own=False)

    assert name(known("a", {"Age": "1"})) == (f"{JANUARY} new", False)
    one = name(known("b", {"Age": "2", **providers}), "provider")
    assert one == (f"{JANUARY} b", False)
    assert name(known("c", {"Age": "2", "Sex": "1"}), "sex") == one
    assert name(known("d", {"Age": "2", **providers}), "provider") == one
    assert name(known("e", {"Age": "3"})) == (f"{JANUARY} e", False)


AS_FED = {"Age": "1", "Provider_Code_As_Was": "1", "Provider_Region_Code": "1"}


def regrouped(new: dict[str, object], before: dict[str, object], *dimensions: str):
    """`new` and `before` are digests of columns, and what else is known of the records."""

    def known(files: str, said: dict[str, object]) -> Records:
        columns = {name: {JANUARY: digest} for name, digest in said.items() if name not in ("scheme", "succession")}
        return Records(files={JANUARY: files}, content=columns, scheme=said.get("scheme", "1"), counted={"n": ("Age",)},
                       succession=said.get("succession", {}))  # fmt: skip

    return Names(known("new", new)).regrouped(known("old", before), [JANUARY], frozenset({f"{JANUARY} old"}), "n", dimensions)


def test_records_are_the_same_by_other_codes_where_all_but_the_codes_are_the_same():
    now, then = {**AS_FED, "Provider_Code": "2", "succession": {"P1": "P0", "P3": "P2"}}, {**AS_FED, "Provider_Code": "1"}
    found = regrouped(now, {**then, "succession": {"P4": "P3"}}, "provider")
    assert found.months == {f"{JANUARY} new"}
    assert {code: found.together.get(code, code) for code in ("P0", "P1", "P2", "P3", "P4", "P5")} == {
        "P0": "P0", "P1": "P0", "P2": "P2", "P3": "P2", "P4": "P2", "P5": "P5",
    }  # fmt: skip
    assert (set(found.then), set(found.now)) == ({"P4"}, {"P1", "P3"})


@pytest.mark.parametrize(
    "otherwise",
    [{"Age": "2"}, {"Provider_Code_As_Was": "2"}, {"Provider_Region_Code": "2"}, {"scheme": "2"}, {"succession": None}],
    ids=str,
)
def test_and_not_where_anything_else_is_another(otherwise):
    now, then = {**AS_FED, "Provider_Code": "2", "succession": {"P1": "P0"}}, {**AS_FED, "Provider_Code": "1"}
    assert regrouped(now, then, "provider") is not None
    assert regrouped(now, {**then, **otherwise}, "provider") is None


def test_a_column_that_has_no_code_as_fed_must_be_the_same():
    assert regrouped({"Age": "1", "Sex": "2"}, {"Age": "1", "Sex": "1"}, "sex") is None


def test_rows_of_another_agreement_are_no_earlier_figures(home, both, records, rig):
    """A refresh keeps what its own agreement printed, and nobody else's."""
    home.release("a", both, records)
    fewer = [each for each in records if each.provider != "A" or each.month == FEBRUARY]
    for agreement, has_earlier in (("b", False), ("a", True)):
        found = home.release(agreement, both, fewer, versions={"apc_spell": 2}).table["denominator__status"].to_pylist()
        assert ("suppressed" in found, "earlier" in found) == (not has_earlier, has_earlier)


def test_each_agreement_has_its_own_answers_and_its_own_number_of_questions(home, both, records):
    one, two = home.release("a", both, records, agreed=1), home.release("b", both, records, agreed=1)
    assert (one.manifest.agreement, two.manifest.agreement) == ("a", "b") and one.table.equals(two.table)
    assert home.release("b", both, records, agreed=1).manifest == two.manifest
    with pytest.raises(Refused, match="all of them were asked"):
        home.release("b", replace(both, name="another"), records, agreed=1)
    assert home.ledger("a").verify() == 1


def test_policies_may_differ(home, both, first, records):
    printed = home.release("a", both, records, policy="opensafely")
    assert set(printed.table["denominator__status"].to_pylist()) <= {"rounded", "suppressed"}
    assert home.shown("b", first, records)["B"] == 70


def test_a_refusal_says_nothing_of_other_agreements(home, both, first, records, monkeypatch):
    """What is refused beside another's release is told as whatever is not safe."""
    home.release("a", both, records)
    monkeypatch.setattr("farr.lab.disclosure.gate._SECONDS", 0.0)
    with pytest.raises(Refused) as refused:
        home.release("b", first, records)
    assert str(refused.value) == (
        "the question 'example' was refused: its figures cannot be shown without pointing to people; "
        "ask for a longer period, a coarser level or fewer breakdowns"
    )


def test_a_damaged_ledger_beside_releases_nothing_more(home, both, first, records):
    home.release("a", both, records)
    path = home.ledger("a").path
    path.write_text(path.read_text().replace("released", "refused", 1))
    with pytest.raises(Refused, match=r"a\.jsonl, line 1"):
        home.release("b", first, records)
    assert home.ledger("b").verify() == 1 and '"refused"' in home.ledger("b").path.read_text()


def test_a_ledger_that_is_gone_since_it_was_read_releases_nothing_more(home, both, first, records):
    home.release("a", both, records)
    ledger = home.ledger("b")
    release(home.sealed("b", first, records), ledger)
    home.ledger("a").path.unlink()
    with pytest.raises(Refused, match=r"a\.jsonl was cut"):
        release(home.sealed("b", both, records), ledger)


def test_a_ledger_that_is_begun_later_is_read_too(home, both, first, records):
    ledger = home.ledger("b")
    release(home.sealed("b", replace(first, name="before"), records), ledger)
    assert not gives_back(home.shown("a", both, records), home.shown("b", first, records))
    assert len(ledger.released_of("apc_spell")) == 3


def test_of_two_at_once_the_one_knows_the_other(home, both, first, records, monkeypatch):
    """Agreement a is held up between reading the ledgers and writing its own: b must not have been answered by then."""
    begun, answered, printed = threading.Event(), threading.Event(), {}
    honest = Ledger.released_of

    def slow(ledger: Ledger, table: str):
        found = honest(ledger, table)
        if ledger.path.name == "a.jsonl" and not begun.is_set():
            begun.set()
            answered.wait(timeout=1.0)  # in vain, where b waits for a
        return found

    monkeypatch.setattr(Ledger, "released_of", slow)

    def ask(agreement: str, question) -> None:
        printed[agreement] = home.shown(agreement, question, records)

    one = threading.Thread(target=ask, args=("a", both))
    two = threading.Thread(target=lambda: (begun.wait(), ask("b", first), answered.set()))
    for each in (one, two):
        each.start()
    for each in (one, two):
        each.join()
    assert not gives_back(printed["a"], printed["b"])
