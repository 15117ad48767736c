"""How likely an emergency admission is in the nation, and whether the model can be relied on, as the statement that readers are shown."""

from collections.abc import Mapping, Sequence

from farr.lab.desk import plain
from farr.lab.desk.charts import calibration, ratios
from farr.lab.desk.charts.theme import Spec
from farr.lab.desk.holdings.organisations import NATIONAL
from farr.lab.desk.populations.risk_words import OBSERVED, SEX_WORDS, is_right, risk_sheets, term_title, words
from farr.lab.desk.populations.risking import Foretold
from farr.lab.desk.populations.stating import Columns, Row, Said, between, decimal, line, part, percent, sheet, statement, whole
from farr.lab.disclosure.released import Released
from farr.lab.model.period import Period
from farr.lab.model.showing.page import Figure, Sheet
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.need.condition import declared
from farr.lab.planning.risk.joint import AGES
from farr.lab.planning.risk.model import INTERCEPT

KIND = "admission_risk"
TITLE = "Probability of an emergency admission"
_WHY = "Care for people before they are admitted is planned by how many will be: of which age, and with what history."
_SOURCE = "A logistic regression on released counts, tried on later months; Steyerberg, Clinical Prediction Models, 2009, 15; docs/need.md"
_CONDITIONS: Columns = (("condition", "Condition", "text", 40), *OBSERVED)
_ALL = "all"
_TITLES = {
    "conditions": "long-term conditions", "attendances": "A&E attendances", "outpatients": "outpatient appointments",
    "deprivation": "fifth of deprivation",
}  # fmt: skip


def risk_statement(found: Foretold, conditions: Mapping[str, Released], *, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of the nation. `conditions`: of people with each, at risk and admitted by age and sex, as risking.of_condition."""
    told = finding(found)
    shares = _shares(conditions)
    said = Said(
        kind=KIND, name=KIND, title=TITLE, why=_WHY, source=_SOURCE, organisation=NATIONAL, level=NATIONAL,
        period=Period(found.tried.first, found.tried.last), finding=told, facts=_facts(found),
        charts=_charts(found, shares), parts=_parts(found, shares), sheets=_sheets(found, conditions), notes=words(found),
        releases=(found.probabilities, found.coefficients, found.groups, *conditions.values()),
    )  # fmt: skip
    return statement(said, {NATIONAL: "The nation"}, made_at=made_at, is_synthetic=is_synthetic)


def finding(found: Foretold) -> str:
    """What was foretold and seen, and whether that is enough to rely on."""
    tried = found.calibration
    foretold, had = f"{tried.expected:,.0f} emergency admissions were foretold", f"{tried.observed:,.0f} were seen"
    much = f"Of {tried.people:,.0f} people {foretold}, and {had}"
    verdict = "the probabilities can be relied on" if is_right(found) else f"{apart(found)}, more than chance explains"
    return f"{much}: {verdict}"


def apart(found: Foretold) -> str:
    """By how much what was foretold differs from what was seen."""
    share = found.calibration.expected / found.calibration.observed - 1
    return f"{abs(share):.1%} {'more' if share > 0 else 'fewer'} foretold than seen"


def _facts(found: Foretold) -> tuple[Figure, ...]:
    tried = found.calibration
    return (
        Figure(label="Foretold", figure=whole(tried.expected), note=f"admissions within {found.tried.months} months"),
        Figure(label="Seen", figure=whole(tried.observed), note=f"of {whole(tried.people)} people in cells that are shown"),
        Figure(
            label="Told apart", figure=percent(tried.c_statistic, 0),
            note="of pairs of a person admitted and one not, the first had the higher risk; 50% would be chance",
        ),
        Figure(
            label="Slope", figure=decimal(tried.slope[0]),
            note=f"1 where high risks are as high as foretold; {between(tried.slope[1], tried.slope[2])}",
        ),
    )  # fmt: skip


def _charts(found: Foretold, shares: Sequence[Row]) -> list[tuple[str, Spec]]:
    drawn = {"calibration": _calibration(found), "terms": _odds(found), "conditions": _by_condition(found, shares)}
    return [(name, spec) for name, spec in drawn.items() if spec is not None]


def _calibration(found: Foretold) -> Spec:
    when = f"learned before {plain.month(str(found.learned.first))}, tried from {plain.month(str(found.tried.first))}"
    groups = [
        calibration.Group(
            predicted=row["predicted"], observed=row["observed"], lower=row["lower"], upper=row["upper"],
            says=f"{percent(row['predicted'])} foretold, {percent(row['observed'])} seen of {whole(row['people'])}",
        )
        for row in found.groups.table.to_pylist()
    ]  # fmt: skip
    return calibration.spec(groups, title=_sentence(apart(found)), subtitle=f"Tenths of predicted risk with 95% intervals; {when}")


def _odds(found: Foretold) -> Spec:
    odds = [
        ratios.Point(
            label=row["title"], value=row["odds_ratio"], lower=row["lower"], upper=row["upper"], is_selected=False, is_small=False,
            says=f"{row['title']}: {decimal(row['odds_ratio'])} ({between(row['lower'], row['upper'])})",
        )
        for row in _terms(found)
    ]  # fmt: skip
    most = max(odds, key=lambda each: each.value)
    return ratios.spec(
        odds, title=f"{_sentence(most.label)}: {most.value:.1f} times the odds", line=1.0, line_name="no difference", axis="Odds ratio",
        subtitle="Odds ratios with 95% intervals, all else alike; beside men of 15 to 44, least deprived, with nothing before",
    )  # fmt: skip


def _by_condition(found: Foretold, shares: Sequence[Row]) -> Spec | None:
    points = [
        ratios.Point(
            label=row["title"], value=100 * row["probability"], lower=100 * row["lower"], upper=100 * row["upper"], is_selected=False,
            is_small=False, says=f"{row['title']}: {percent(row['probability'])}",
        )
        for row in shares if row["probability"] is not None and row["lower"] is not None
    ]  # fmt: skip
    if not points:
        return None
    mean = 100 * found.calibration.observed / found.calibration.people
    return ratios.spec(
        points, title=f"{points[0].label}: {points[0].value:.1f}% were admitted, everybody {mean:.1f}%", line=mean,
        subtitle=f"People seen with a condition, admitted within {found.tried.months} months, with 95% intervals",
        axis="Percent admitted", line_name="everybody",
    )  # fmt: skip


def _parts(found: Foretold, shares: Sequence[Row]) -> list[Part]:
    groups = [
        line("", f"{number}", (whole(row["people"]), percent(row["predicted"]), percent(row["observed"]), _interval(row)))
        for number, row in enumerate(found.groups.table.to_pylist(), 1)
    ]
    terms = [line("", row["title"], (decimal(row["odds_ratio"]), between(row["lower"], row["upper"]))) for row in _terms(found)]
    conditions = [
        line(row["condition"], row["title"], (whole(row["at_risk"]), whole(row["admitted"]), percent(row["probability"]), _interval(row)))
        for row in shares
    ]
    return [
        part("groups", "Predicted against observed", "From the lowest tenth of risk to the highest; a large cell is a group of its own.",
             "Group", ("People", "Predicted", "Observed", "95% interval"), groups),
        *_probabilities(found),
        part("terms", "What raises the risk", "Beside men of 15 to 44, of the least deprived fifth, with nothing before.", "Term",
             ("Odds ratio", "95% interval"), terms),
        part("by_condition", "By condition", "As seen, whatever else they have; from the likeliest.", "Condition",
             ("At risk", "Admitted", "Share", "95% interval"), conditions),
    ]  # fmt: skip


def _probabilities(found: Foretold) -> list[Part]:
    """For each thing that emergencies are crossed with: history (and sex) down, age across."""
    parts = list[Part]()
    for factor in found.calibrations:
        rows = [row for row in found.probabilities.table.to_pylist() if row["factor"] == factor]
        held = {(row["sex"], row["emergencies"], row["level"], row["age"]): row for row in rows}
        lines = [
            line("", _history(*each, factor), [percent(held[*each, age]["probability"]) for age in AGES])
            for each in dict.fromkeys((row["sex"], row["emergencies"], row["level"]) for row in _ordered(rows))
        ]
        says = f"Within {found.tried.months} months, by age; emergency stays and the like are of the months before."
        parts.append(part(f"by_{factor}", f"Probability by {_TITLES[factor]}", says, "People, by age", AGES, lines))
    return parts


def _history(sex: str | None, emergencies: str, level: str, factor: str) -> str:
    said = [f"{emergencies} emergency {'stay' if emergencies == '1' else 'stays'}", term_title(f"{factor} {level}")]
    return _sentence(", ".join(([SEX_WORDS[sex]] if sex else []) + said))


def _ordered(rows: Sequence[Row]) -> list[Row]:
    """By sex, then by history."""
    return sorted(rows, key=lambda row: (row["sex"] or "", row["emergencies"]))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _terms(found: Foretold) -> list[Row]:
    return [{**row, "title": term_title(row["term"])} for row in found.coefficients.table.to_pylist() if row["term"] != INTERCEPT]


def _interval(row: Row) -> str:
    return plain.HIDDEN if row["lower"] is None else f"{percent(row['lower'])} to {percent(row['upper'])}"


def _shares(conditions: Mapping[str, Released]) -> list[Row]:
    """Of each condition everybody who has it, the likeliest first, then what is hidden."""
    rows = [
        {**row, "condition": name, "title": declared()[name].title}
        for name, released in conditions.items()
        for row in released.table.to_pylist()
        if row["age_group"] == _ALL
    ]
    return sorted(rows, key=lambda row: (row["probability"] is None, -(row["probability"] or 0.0), row["condition"]))


def _sheets(found: Foretold, conditions: Mapping[str, Released]) -> list[Sheet]:
    rows = [{**row, "condition": name} for name, released in conditions.items() for row in released.table.to_pylist()]
    return [*risk_sheets(found), sheet("Conditions", _CONDITIONS, rows)]
