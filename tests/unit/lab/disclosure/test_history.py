"""A release is protected against what earlier ones printed: an attacker who holds both has nothing to subtract."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import linprog

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.history.joined import Contradiction, History
from farr.lab.disclosure.history.joint import history_of
from farr.lab.disclosure.history.months import common, pieces
from farr.lab.disclosure.history.nested import Told
from farr.lab.disclosure.history.records import Names, Records
from farr.lab.disclosure.history.sheet import Earlier, sheets_before, sheets_of
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.suppress.protection import Alone, Protection, protect_beside
from farr.lab.disclosure.tables.asked import Asked, key_columns, read_cells
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

POLICY = known_policies()["hes_legacy"]  # counts of 1 to 5 are hidden, others exact
JANUARY, FEBRUARY, MARCH = "2024-01", "2024-02", "2024-03"
PERIOD = (JANUARY, FEBRUARY, MARCH)
PROVIDER, REGION, NATION = Grouping(dimensions=("provider",)), Grouping(dimensions=("provider_region",)), Grouping()
MONTHLY = Grouping(dimensions=("provider",), monthly=True)
SPELL = APC_SPELL.unbound

Key = tuple[str | None, str | None, str | None]  # month, provider, region


def question(*groupings: Grouping, left_out: tuple[str, ...] = (), below: int = 200) -> Question:
    return Question(
        name="example",
        table=APC_SPELL,
        period=Period.parse(f"{JANUARY}..{MARCH}"),
        where=SPELL.Age < below,
        aggregates=(Aggregate(name="spells", kind=AggregateKind.COUNT, where=SPELL.Age < below),),
        groupings=groupings,
        left_out=tuple(Month.parse(month) for month in left_out),
    )


@dataclass(frozen=True, kw_only=True)
class Print:
    """A release: what was asked of which months, how it was protected, and the figures that everybody sees."""

    asked: Asked
    protection: Protection
    figures: dict[Key, float]

    @property
    def hidden(self) -> set[Key]:
        return set(_keys(self.asked)) - self.figures.keys()

    def earlier(self) -> Earlier:
        """As the ledger has it. The table is what the gate prints."""
        asked, printed = self.asked, self.protection.table
        columns = {"grouping": pa.array(asked.grouping, type=pa.int64())}
        columns |= {key: pa.array(asked.keys[key], type=pa.string()) for key in key_columns(asked.question)}
        for name, values in printed.values.items():
            columns[name] = pa.array(values, type=pa.float64(), from_pandas=True)
            columns[f"{name}__status"] = pa.array(printed.status[name].tolist(), type=pa.string())
        return Earlier(
            question=asked.question.canonical(), table=pa.table(columns), policy=POLICY,
            protected=self.protection.protected, records=Records(files={}),
        )  # fmt: skip


def _keys(asked: Asked) -> list[Key]:
    nothing = [None] * asked.cells.count
    return list(zip(asked.keys["month"], asked.keys.get("provider", nothing), asked.keys.get("provider_region", nothing), strict=True))


def read(rig, asked: Question, records) -> Asked:
    months = {str(month) for month in asked.months}
    return read_cells(asked, rig.cells_of(asked, [spell for spell in records if spell.month in months]))


def history(asked: Asked, before: list[Print]) -> History | None:
    names = Names(Records(files={}))
    new = sheets_of(asked, names)
    series = {sheet.series for sheet in new}
    known = [sheet for each in before for sheet in sheets_before(each.earlier(), series, names)]
    return history_of(new, Told(sheets=known), asked.cells, POLICY.threshold)


def printed(rig, asked: Question, records, *, before: list[Print] | None = None) -> Print:
    """A release that is protected by itself, or, where any are given, together with those before it."""
    cells = read(rig, asked, records)
    told, alone = history(cells, before or []), Alone(cells=cells.cells, effort=Effort(), seconds=60.0)
    protection = alone.under(POLICY) if told is None else protect_beside(told, alone, POLICY)
    shown = zip(_keys(cells), protection.table.values["spells"], strict=True)
    return Print(asked=cells, protection=protection, figures={key: float(value) for key, value in shown if np.isfinite(value)})


def attack(prints: list[Print], records, provider: str, *months: str) -> tuple[float, float]:
    """The least and most that a provider's count over some months can be: all that comes of adding and subtracting what was printed, when
    no count is below nought. Knows which providers have any spells in which months."""
    parts = sorted({(spell.provider, spell.region, spell.month) for spell in records})
    lines, values = [], []
    for each in prints:
        counted = {str(month) for month in each.asked.question.months}
        for (month, one, region), value in each.figures.items():
            within = [one in (None, p) and region in (None, r) and m in ({month} if month else counted) for p, r, m in parts]
            lines.append(np.array(within, dtype=float))
            values.append(value)
    wanted = np.array([p == provider and m in months for p, _, m in parts], dtype=float)
    ends = [linprog(sign * wanted, A_eq=np.array(lines), b_eq=values, method="highs") for sign in (1, -1)]
    assert all(end.status in (0, 3) for end in ends)  # found, or unbounded
    least, most = (end.fun if end.status == 0 else -np.inf for end in ends)
    return round(least, 6), round(-most, 6)


def assert_wide(ends: tuple[float, float]) -> None:
    """As wide as the policy asks; a hidden figure of a grouping is known not to be nothing."""
    assert ends[0] <= max(POLICY.protected[0], 1) and ends[1] >= POLICY.protected[1]


def spells(rig, counts: dict[str, tuple[int, int, int]]) -> list:
    """Spells of each month by provider; the first letter of a provider is its region."""
    return [
        spell for name, of in counts.items() for month, count in zip(PERIOD, of, strict=True)
        for spell in rig.spells(name, name[0], count, month=month)
    ]  # fmt: skip


@pytest.fixture
def records(rig) -> list:
    """Nothing is small but N0 in February."""
    return spells(rig, {"N0": (40, 3, 41), "N1": (50, 51, 52), "N2": (60, 61, 62), "S0": (30, 31, 32), "S1": (70, 71, 72)})


@pytest.fixture
def few(rig) -> list:
    """N0 is small in all, and so is its region, which has no other."""
    return spells(rig, {"N0": (1, 1, 1), "S0": (30, 31, 32), "S1": (70, 71, 72), "T0": (20, 21, 22), "T1": (25, 26, 27)})


class TestMonthLeftOut:
    """A year printed exactly, and then all of it but one month."""

    levels = (PROVIDER, REGION, NATION)

    def test_it_is_had_by_subtraction_but_for_history(self, rig, records):
        whole, rest = question(*self.levels), question(*self.levels, left_out=(FEBRUARY,))
        for first, second in ((whole, rest), (rest, whole)):
            before, alone = printed(rig, first, records), printed(rig, second, records)
            assert abs(before.figures[None, "N0", "N"] - alone.figures[None, "N0", "N"]) == 3
            assert attack([before, alone], records, "N0", FEBRUARY) == (3, 3)
            after = printed(rig, second, records, before=[before])
            assert not before.hidden and (None, "N0", "N") in after.hidden and after.figures
            assert attack([before, after], records, "N0", FEBRUARY)[1] > POLICY.threshold

    def test_nor_with_a_third_release(self, rig, records):
        whole = printed(rig, question(*self.levels), records)
        rest = printed(rig, question(*self.levels, left_out=(FEBRUARY,)), records, before=[whole])
        third = printed(rig, question(*self.levels, left_out=(JANUARY, MARCH)), records, before=[whole, rest])
        assert (None, "N0", "N") in third.hidden and third.figures
        assert_wide(attack([whole, rest, third], records, "N0", FEBRUARY))

    def test_what_leaves_nothing_small_is_printed_in_full(self, rig, records):
        whole = printed(rig, question(*self.levels), records)
        assert not printed(rig, question(*self.levels, left_out=(MARCH,)), records, before=[whole]).hidden


class TestMonthsThenWhole:
    def test_without_history_the_hidden_month_is_had_by_subtraction(self, rig, records):
        months = printed(rig, question(MONTHLY), records)
        whole = printed(rig, question(PROVIDER), records)
        assert months.hidden == {(FEBRUARY, "N0", "N")}
        assert whole.figures[None, "N0", "N"] - months.figures[JANUARY, "N0", "N"] - months.figures[MARCH, "N0", "N"] == 3
        assert attack([months, whole], records, "N0", FEBRUARY) == (3, 3)

    @pytest.mark.parametrize("levels", [(PROVIDER,), (PROVIDER, REGION, NATION), (REGION, NATION)])
    def test_with_history_it_is_not(self, rig, records, levels):
        months = printed(rig, question(MONTHLY), records)
        whole = printed(rig, question(*levels), records, before=[months])
        assert whole.figures
        assert_wide(attack([months, whole], records, "N0", FEBRUARY))


class TestMarginElsewhere:
    """Providers in one release, and a margin that completes the subtraction in another."""

    def test_the_rest_of_the_nation_is_a_region(self, rig, few):
        providers, alone = printed(rig, question(PROVIDER, NATION), few), printed(rig, question(REGION), few)
        assert (None, "N0", "N") in providers.hidden and len(providers.hidden) == 2  # with a partner
        assert alone.hidden == {(None, None, "N")}
        assert providers.figures[None, None, None] - alone.figures[None, None, "S"] - alone.figures[None, None, "T"] == 3
        assert attack([providers, alone], few, "N0", *PERIOD) == (3, 3)
        regions = printed(rig, question(REGION), few, before=[providers])
        assert len(regions.hidden) == 2
        assert_wide(attack([providers, regions], few, "N0", *PERIOD))

    def test_the_nation_after_providers_and_regions_of_their_own(self, rig, few):
        providers, regions = printed(rig, question(PROVIDER), few), printed(rig, question(REGION), few)
        assert attack([providers, regions, printed(rig, question(NATION), few)], few, "N0", *PERIOD) == (3, 3)
        nation = printed(rig, question(NATION), few, before=[providers, regions])
        assert nation.hidden == {(None, None, None)}
        assert_wide(attack([providers, regions, nation], few, "N0", *PERIOD))

    def test_regions_of_a_year_and_providers_of_the_rest(self, rig):
        """What is left is the small month of a region, though no grouping was printed twice."""
        all_of_it = spells(rig, {"N0": (40, 3, 41), "N1": (50, 0, 52), "S0": (30, 31, 32), "S1": (70, 71, 72)})
        for first, second in ((REGION, PROVIDER), (PROVIDER, REGION)):
            whole, rest = question(first), question(second, left_out=(FEBRUARY,))
            before = printed(rig, whole, all_of_it)
            assert attack([before, printed(rig, rest, all_of_it)], all_of_it, "N0", FEBRUARY) == (3, 3)
            after = printed(rig, rest, all_of_it, before=[before])
            assert attack([before, after], all_of_it, "N0", FEBRUARY)[1] > POLICY.threshold

    def test_a_grouping_between_that_was_printed_of_other_months(self, rig, few):
        regions = printed(rig, question(REGION, left_out=(FEBRUARY, MARCH)), few)
        nation = printed(rig, question(NATION), few, before=[regions])
        providers = printed(rig, question(PROVIDER), few, before=[regions, nation])
        assert_wide(attack([regions, nation, providers], few, "N0", *PERIOD))


class TestSameAgain:
    def test_the_same_table_hides_the_same(self, rig, records, few):
        for asked, of in ((question(PROVIDER, REGION, NATION), few), (question(MONTHLY, Grouping(monthly=True)), records)):
            again = printed(rig, asked, of, before=[once := printed(rig, asked, of)])
            assert once.hidden and again.hidden == once.hidden and again.figures == once.figures

    def test_other_data_contradict(self, rig, records):
        before = printed(rig, question(PROVIDER), records)
        with pytest.raises(Contradiction):
            printed(rig, question(PROVIDER, NATION), [*records, *rig.spells("N1", "N", 1, month=MARCH)], before=[before])

    def test_other_series_say_nothing(self, rig, records):
        before = printed(rig, question(PROVIDER), records)
        assert history(read(rig, question(PROVIDER, below=18), records), [before]) is None
        assert history(read(rig, question(PROVIDER), records), [before]) is not None


def months(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text) for text in texts]


def test_pieces():
    assert pieces([]) == ()
    assert pieces(months("ab", "ab")) == tuple(months("ab"))
    assert pieces(months("ab", "bc")) == tuple(months("a", "b", "c"))  # overlapping
    assert pieces(months("abcd", "bc")) == tuple(months("ad", "bc"))  # nested, and a piece that is no run of months
    assert pieces(months("ab", "cd")) == tuple(months("ab", "cd"))  # disjoint


def test_common():
    assert sorted(common(months("a", "b", "c"), months("ab", "c"))) == [([0, 1], [0]), ([2], [1])]  # nested
    assert common(months("ab", "c"), months("a", "bc")) == [([0, 1], [0, 1])]  # overlapping
    assert common(months("ab"), months("cd")) == []  # disjoint
    assert common(months("ab", "c"), months("a", "c")) == [([1], [1])]  # b was printed of the one only
