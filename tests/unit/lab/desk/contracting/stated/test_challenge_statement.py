"""What is said of bills that may be challenged: each spell once, errors apart from queries, and what is hidden drawn nowhere."""

import altair
import pyarrow as pa

from farr.lab.desk.charts.contracting import stakes, years
from farr.lab.desk.charts.render import notebook
from farr.lab.desk.contracting.challenging import Lists, Scope
from farr.lab.desk.contracting.stated.challenge import challenge_statement
from farr.lab.model.period import Period
from tests.unit.lab.desk.conftest import released

RULES = [
    {"challenge": "specialised_service", "spells": 140.0, "stake": 200_000.0, "shared": 10.0, "status": "rounded"},
    {"challenge": "duplicate_spell", "spells": 15.0, "stake": 30_000.0, "shared": 0.0, "status": "rounded"},
    {"challenge": "short_stay_not_reduced", "spells": None, "stake": None, "shared": None, "status": "suppressed"},
]
PARTNERS = [
    {"code": "ZAB", "spells": 120.0, "stake": 180_000.0, "status": "rounded"},
    {"code": "ZAC", "spells": None, "stake": None, "status": "suppressed"},
]


def table(name, rows, words):
    fields = [(key, pa.string() if key in words else pa.float64()) for key in rows[0]]
    return released(f"challenge.{name}", rows, pa.schema(fields))


def stated(*, stake=225_000.0):
    total = [{"spells": None if stake is None else 150.0, "stake": stake, "status": "rounded"}]
    found = Lists(
        scope=Scope(commissioner="90L", period=Period.parse("2024-04..2025-03")), rules=table("rules", RULES, ("challenge", "status")),
        partners=table("partners", PARTNERS, ("code", "status")), months=None, total=table("total", total, ("status",)),
        refused={"months": "too few"},
    )  # fmt: skip
    names = {"names": {"90L": "Place"}, "partners": {"ZAB": "Hospital B", "ZAC": "Hospital C"}}
    return challenge_statement(found, **names, made_at="2025-05-01T09:00:00+00:00", is_synthetic=True)


def test_the_total_counts_each_spell_once_and_is_no_sum_of_lines():
    made = stated()
    assert made.finding.startswith("£225,000 in 150 bills may be challenged, £200,000 of it at most by one rule: ")
    facts = {each.label: each.figure for each in made.facts}
    assert (facts["At stake"], facts["Largest error"], facts["Largest query"]) == ("£225,000", "£30,000", "£200,000")
    assert facts["Most with one provider"] == "£180,000"


def test_errors_stand_apart_from_queries():
    parts = {each.name: [line.cells[-1] for line in each.table.lines] for each in stated().parts}
    assert parts["error"] == ["duplicate_spell", "short_stay_not_reduced"] and parts["query"] == ["specialised_service"]


def test_what_is_hidden_is_counted_and_drawn_nowhere():
    made = stated()
    charts = {each.name: each for each in made.charts}
    assert all(isinstance(notebook(each.full), altair.LayerChart) for each in charts.values())
    assert len(charts["rules"].full["datasets"]["bars"]) == 2 and "1 not shown" in charts["rules"].subtitle
    assert "Hospital C" not in str(charts["partners"].full)
    assert next(each for each in made.parts if each.name == "partners").says.endswith("1 more are not shown (small numbers).")
    assert stated(stake=None).finding == "What may be challenged is not shown (small numbers)"


def test_how_to_get_the_pack_and_what_was_refused_are_said():
    notes = " ".join(stated().notes)
    assert "farr challenge-pack make --commissioner 90L --period 2024-04..2025-03 --out FOLDER" in notes
    assert "Not shown, months: Too few" in notes


def test_bars_without_a_kind_and_years_with_other_lines_are_valid():
    bar = stakes.Bar(label="A", pounds=1000.0, kind="", says="A £1,000")
    assert isinstance(notebook(stakes.spec([bar], title="t", subtitle="s")), altair.LayerChart)
    points = [
        years.Point(year=2024 + at, low_95=1.0, low_80=2.0, median=3.0, high_80=4.0, high_95=5.0, says=f"{at}") for at in range(3)
    ]  # fmt: skip
    spec = years.spec(points, title="t", subtitle="s", axis="a", others={"funding": [3.0, 3.1, 3.2], "none": []})
    assert isinstance(notebook(spec), altair.LayerChart)
    assert {each["line"] for each in spec["datasets"]["lines"]} == {"median of runs", "funding"}
