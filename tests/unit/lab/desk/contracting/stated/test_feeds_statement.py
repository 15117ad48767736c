"""A statement of two feeds says what differs, and shows a figure only where both homes show theirs."""

import altair
import pyarrow as pa
import pytest

from farr.lab.desk.charts.render import notebook
from farr.lab.desk.contracting.feeds_compared.asking import CLIENT, NATIONAL, Compared
from farr.lab.desk.contracting.feeds_compared.statement import NOT_HELD, statement_of
from farr.lab.desk.contracting.kind import KindError, kind, kinds
from farr.lab.model.period import Period
from farr.lab.model.showing.statement import Also
from farr.lab.planning.feeds_compared.side import Pair, Side
from farr.lab.planning.feeds_compared.trust import checked, deliveries_table, months_table, trust
from tests.unit.lab.desk.conftest import released

MONTHS = [f"2024-{month:02d}" for month in range(4, 13)]
ALSO = (Also(agreement="client", terms_sha256="0" * 64),)
NAN = float("nan")
CAUSES = ("volume", "casemix", "price")


def side(*, price=1.0, dropped=(), hidden=()):
    months = {month: NAN if month in hidden else 500.0 + 10 * at for at, month in enumerate(MONTHS) if month not in dropped}
    cells = {
        (chapter, "DC"): (spells, spells * pounds * price) for chapter, spells, pounds in (("D", 2000.0, 900.0), ("E", 1500.0, 2100.0))
    }
    return Side(
        months=months, paid={month: spells * 1400.0 * price for month, spells in months.items()},
        by_month={(month, "DC"): (spells, spells * 1400.0 * price) for month, spells in months.items()},
        chapters={chapter: each for (chapter, _), each in cells.items()}, cells=cells,
    )  # fmt: skip


def stated(client, national=None, also=ALSO):
    one = national or side()
    pair = Pair(national=one, client=client, shared=tuple(sorted(set(one.months) & set(client.months))))
    checks = checked(pair)
    sources = {name: (released(f"feed.{name}", [{"n": 5.0}], pa.schema([("n", pa.float64())])),) for name in (NATIONAL, CLIENT)}
    found = Compared(
        organisation="ZAG", level="provider", period=Period.parse("2024-04..2024-12"), pair=pair, checks=tuple(checks),
        trust=tuple(trust(checks)), deliveries=deliveries_table(pair), months=months_table(pair), releases=sources, notes=(),
    )  # fmt: skip
    return statement_of(found, {"ZAG": "Hospital G"}, also, made_at="2025-05-01T09:00:00+00:00", is_synthetic=True)


def table(made, name):
    return {line.name: line.cells for line in next(each for each in made.parts if each.name == name).table.lines}


def test_dearer_prices_are_the_verdict_the_cause_and_the_chart():
    made = stated(side(price=1.03))
    assert (
        made.finding == "The client's feed can be trusted in its activity, months and casemix, and not in its money until that is explained"
    )
    assert table(made, "checks")["Pounds paid"][:2] == ("money", "differs")
    causes = next(each for each in made.charts if each.name == "causes")
    assert "most by price" in causes.title
    steps = {each["name"]: each["to"] - each["from"] for each in causes.full["datasets"]["steps"]}
    assert steps["Price"] == pytest.approx(steps["Client's less national"]) and steps["Volume"] == pytest.approx(0)
    assert all(isinstance(notebook(each.full), altair.LayerChart) for each in made.charts)


def test_causes_of_each_line_add_up_to_what_its_groups_differ_by():
    sheet = next(each for each in stated(side(price=1.03)).sheets if each.name == "Deliveries")
    (row,) = (dict(zip([each.field for each in sheet.columns], row, strict=True)) for row in sheet.rows)
    assert sum(row[cause] for cause in CAUSES) == pytest.approx(0.03 * (2000 * 900 + 1500 * 2100))


@pytest.mark.parametrize("hides", ["national", "client"])
def test_what_one_home_hides_the_other_does_not_tell(hides):
    covered, open_side = side(hidden=("2024-06",)), side()
    made = stated(open_side, covered) if hides == "national" else stated(covered, open_side)
    assert table(made, "months")["June 2024"] == ("*", "*", "*")
    assert "2024-06" not in str([each.full["datasets"]["months"] for each in made.charts if each.name == "months"])
    sheet = next(each for each in made.sheets if each.name == "Months")
    assert next(row for row in sheet.rows if row[0] == "2024-06")[2:] == (None, None, None)


def test_a_month_that_one_feed_lacks_is_said_to_be_lacking():
    made = stated(side(dropped=("2024-09",)))
    assert table(made, "months")["September 2024"] == ("550", NOT_HELD, "")
    assert next(each for each in made.facts if each.label == "Months in both").note == "not in the client's feed: September 2024"


def test_both_homes_releases_and_agreements_travel_with_it():
    made = stated(side())
    assert len(made.releases) == 2 and made.also == ALSO
    feeds = [text for label, text in made.explained if label == "Feed"]
    assert [text.split(".")[0] for text in feeds] == ["The national feed", "The client's feed"]
    assert any("access under the agreements" in each for each in made.notes)
    assert "also" not in stated(side(), also=()).model_dump_json()


def test_a_kind_of_two_homes_wants_two_and_others_one():
    with pytest.raises(KindError, match="--with-home"):
        kind("feeds_compared").check_beside(False)
    kind("feeds_compared").check_beside(True)
    with pytest.raises(KindError, match="leave out --with-home"):
        kind("coding").check_beside(True)
    assert [name for name, each in kinds().items() if each.beside] == ["feeds_compared"]
