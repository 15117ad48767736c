"""What is said of the probability of an emergency admission: whether it can be relied on, what raises it, and what is hidden nowhere."""

import altair
import numpy as np
import pyarrow as pa
import pytest
from scipy import special

from farr.lab.desk.charts import calibration
from farr.lab.desk.charts.render import notebook
from farr.lab.desk.contracting.kind import kinds
from farr.lab.desk.populations.risk_statement import risk_statement
from farr.lab.desk.populations.risk_words import term_title, words
from farr.lab.desk.populations.risking import Foretold, model_tables
from farr.lab.model.period import Period
from farr.lab.planning.risk.joint import FACTORS, Margin
from farr.lab.planning.risk.model import calibrate, fit
from farr.lab.planning.risk.questions import Window
from tests.unit.lab.desk.conftest import released

LEARNED = Window(before=Period.parse("2023-04..2024-03"), months=6)
TRIED = Window(before=Period.parse("2023-10..2024-09"), months=6)
FACTORS_OF = {"conditions": ("age", "sex", "emergencies", "conditions"), "deprivation": ("age", "emergencies", "deprivation")}
MADE = {"made_at": "2025-05-01T09:00:00+00:00", "is_synthetic": True}


def margins(shift=0.0):
    """People of whom each history raises the odds by a known amount; of the oldest men with most of all nothing is shown."""
    made = {}
    for name, factors in FACTORS_OF.items():
        shape = tuple(len(FACTORS[factor]) for factor in factors)
        level = dict(zip(factors, np.indices(shape), strict=True))
        at_risk = np.full(shape, 30_000.0 / np.prod(shape) * 40)
        admitted = np.round(at_risk * special.expit(-3 + shift + 0.7 * level["emergencies"] + 0.2 * level["age"]))
        if name == "conditions":
            at_risk[5, 0, 3, 2] = admitted[5, 0, 3, 2] = np.nan
        made[name] = Margin(factors=factors, at_risk=at_risk, admitted=admitted)
    return made


def table(name, made):
    return released(name, made.to_pylist(), made.schema)


def foretold(shift=0.0):
    earlier, later = margins(), margins(shift)
    model = fit(list(earlier.values()))
    tried = calibrate(model, later)
    made = {name: table(f"risk.{name}", each) for name, each in model_tables(model, later, tried["conditions"]).items()}
    return Foretold(
        learned=LEARNED, tried=TRIED, model=model, calibrations=tried, finest="conditions", **made, hidden_share=0.01, refused=("none",)
    )  # fmt: skip


def shares(*rows):
    fields = [(name, pa.string() if name in ("age_group", "sex") else pa.float64()) for name in rows[0]]
    return released("risk.condition", list(rows), pa.schema(fields))


def share(probability, at_risk=1000.0):
    admitted = None if probability is None else probability * at_risk
    limits = (None, None) if probability is None else (probability * 0.9, probability * 1.1)
    return {"age_group": "all", "sex": "all", "at_risk": at_risk, "admitted": admitted, "probability": probability, "lower": limits[0],
            "upper": limits[1]}  # fmt: skip


CONDITIONS = {"asthma": shares(share(0.05)), "dementia": shares(share(0.3)), "epilepsy": shares(share(None))}


def test_where_admissions_are_as_foretold_the_probabilities_can_be_relied_on():
    made = risk_statement(foretold(), CONDITIONS, **MADE)
    assert made.finding.endswith("the probabilities can be relied on") and (made.level, made.organisation) == ("national", "national")
    facts = {each.label: each.figure for each in made.facts}
    foretold_of, seen = (float(facts[name].replace(",", "")) for name in ("Foretold", "Seen"))
    assert foretold_of == pytest.approx(seen, rel=0.001) and facts["Slope"] == "1.00"
    assert all(isinstance(notebook(each.full), altair.LayerChart) for each in made.charts)


def test_where_more_were_seen_it_says_to_recalibrate():
    found = foretold(shift=0.4)
    assert "fewer foretold than seen, more than chance explains" in risk_statement(found, CONDITIONS, **MADE).finding
    assert any("more than chance" in each for each in words(found))


def test_what_raises_the_risk_stands_with_its_odds():
    made = risk_statement(foretold(), CONDITIONS, **MADE)
    terms = {line.name: line.cells[0] for line in next(each for each in made.parts if each.name == "terms").table.lines}
    assert float(terms["3+ emergency stays"]) == pytest.approx(np.exp(2.1), abs=0.1) and "intercept" not in terms
    assert "3+ emergency stays: 8.2 times the odds" in next(each for each in made.charts if each.name == "terms").title


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("age 85+", "aged 85+"), ("sex 2", "women"), ("deprivation 1", "most deprived fifth"), ("attendances 1", "1 A&E attendance"),
        ("emergencies × aged 65 and over", "emergency stays, each, aged 65 and over"),
    ],
)  # fmt: skip
def test_terms_are_said_in_words(term, said):
    assert term_title(term) == said


def test_probabilities_have_a_line_a_history_and_a_column_an_age():
    made = next(each for each in risk_statement(foretold(), CONDITIONS, **MADE).parts if each.name == "by_deprivation")
    assert made.table.columns[0] == "00-14" and made.table.lines[0].name == "0 emergency stays, most deprived fifth"
    assert len(made.table.lines) == 20 and all(len(line.cells) == 6 for line in made.table.lines)


def test_conditions_go_from_the_likeliest_to_what_is_hidden():
    made = risk_statement(foretold(), CONDITIONS, **MADE)
    lines = next(each for each in made.parts if each.name == "by_condition").table.lines
    assert [line.code for line in lines] == ["dementia", "asthma", "epilepsy"] and lines[-1].cells[1:] == ("*", "*", "*")
    assert "pilepsy" not in str(next(each for each in made.charts if each.name == "conditions").full)


def test_a_hidden_cell_has_a_probability_and_no_counts():
    made = risk_statement(foretold(), CONDITIONS, **MADE)
    sheet = next(each for each in made.sheets if each.name == "Probabilities")
    fields = [each.field for each in sheet.columns]
    rows = [dict(zip(fields, row, strict=True)) for row in sheet.rows]
    hidden = next(row for row in rows if (row["age"], row["sex"], row["emergencies"], row["level"]) == ("85+", "1", "3+", "3+"))
    assert hidden["probability"] > 0.3 and hidden["at_risk"] is None and hidden["observed"] is None
    assert {row["sex"] for row in rows if row["factor"] == "deprivation"} == {None}


def test_a_group_off_the_line_is_marked():
    groups = [calibration.Group(predicted=0.1, observed=0.1, lower=0.08, upper=0.12, says="a"),
              calibration.Group(predicted=0.1, observed=0.2, lower=0.15, upper=0.25, says="b")]  # fmt: skip
    spec = calibration.spec(groups, title="As foretold", subtitle="Tenths")
    assert isinstance(notebook(spec), altair.LayerChart)
    assert [each["off"] for each in spec["datasets"]["groups"]] == [False, True]


def test_the_kind_is_listed():
    assert "farr admission-risk" in kinds()["admission_risk"].says
