"""What a model of emergency admissions says in words, and its tables for files."""

from collections.abc import Sequence

from farr.lab.desk import plain
from farr.lab.desk.populations.risking import Foretold
from farr.lab.desk.populations.stating import Columns, between, percent, sheet
from farr.lab.model.showing.page import Sheet

_YEAR = 12
SEX_WORDS = {"1": "men", "2": "women"}
_FACTOR_WORDS = {
    "emergencies": "emergency stays", "conditions": "conditions", "attendances": "A&E attendances",
    "outpatients": "outpatient appointments",
}  # fmt: skip
_FIFTH_WORDS = {"1": "most deprived fifth", "2": "second fifth", "3": "middle fifth", "4": "fourth fifth", "5": "least deprived fifth"}
_PROBABILITIES: Columns = (
    ("age", "Age", "text", 10), ("sex", "Sex", "text", 8), ("emergencies", "Emergencies before", "text", 12),
    ("factor", "And by", "text", 14), ("level", "Level", "text", 8), ("probability", "Probability", "ratio", 12),
    ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10), ("at_risk", "At risk (trial)", "count", 14),
    ("admitted", "Admitted (trial)", "count", 14), ("observed", "Observed (trial)", "ratio", 14),
)  # fmt: skip
_ODDS: Columns = (
    ("term", "Term", "text", 34), ("odds_ratio", "Odds ratio", "ratio", 11), ("lower", "95% lower", "ratio", 10),
    ("upper", "95% upper", "ratio", 10),
)  # fmt: skip
OBSERVED: Columns = (
    ("age_group", "Age", "text", 10), ("sex", "Sex", "text", 8), ("at_risk", "At risk", "count", 12), ("admitted", "Admitted", "count", 12),
    ("probability", "Share", "ratio", 10), ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10),
)  # fmt: skip
_GROUPS: Columns = (
    ("people", "People", "count", 12), ("predicted", "Predicted", "ratio", 11), ("observed", "Observed", "ratio", 11),
    ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10),
)  # fmt: skip


def words(found: Foretold) -> Sequence[str]:
    """What the calibration says, and what must be known to use it."""
    tried, model = found.calibration, found.model
    intercept, slope = tried.intercept, tried.slope
    off = abs(tried.expected / tried.observed - 1) if tried.observed else float("nan")
    verdict = "chance can explain how far they lie apart" if is_right(found) else "more than chance: recalibrate before it is relied on"
    return [
        f"Learned on {model.people:,.0f} people before {found.learned.first}, of whom {model.events:,.0f} were admitted within "
        f"{found.learned.months} months; tried on {tried.people:,.0f} before {found.tried.first}.",
        f"Calibration: {tried.expected:,.0f} admissions foretold and {tried.observed:,.0f} seen ({off:.1%} apart); in the large "
        f"{intercept[0]:+.3f} ({between(intercept[1], intercept[2], 3)}), slope {slope[0]:.3f} "
        f"({between(slope[1], slope[2], 3)}): {verdict}.",
        f"Discrimination: C-statistic {_by_margin(found)}; Brier score {tried.brier:.4f} among cells of {found.finest}, "
        f"{tried.brier_of_mean:.4f} if everybody had the mean risk. {model.cells} cells, dispersion {model.dispersion:.2f}.",
        f"People in hidden cells, from whom nothing is learned: {percent(found.hidden_share)}. Cells with few admitted are hidden, "
        "those with none are not, so that small cells look a little safer than they are.",
        *_seasons(found),
        "At risk: people seen in hospital in the months before, not known to have died, and not in hospital as an emergency on the day. "
        "People who were not seen have no probability here, and people who died elsewhere count as not admitted.",
        *(f"Not shown: {each}" for each in found.refused),
        plain.HIDDEN_NOTE,
    ]  # fmt: skip


def term_title(term: str) -> str:
    """A term of the model in words: 'deprivation 1' is the most deprived fifth."""
    factor, _, level = term.partition(" ")
    if level.startswith("×"):
        return f"{_FACTOR_WORDS[factor]}, each, {level.removeprefix('× ')}"
    one = level == "1"
    return {
        "age": f"aged {level}", "sex": SEX_WORDS.get(level, level), "deprivation": _FIFTH_WORDS.get(level, level),
    }.get(factor) or f"{level} {_FACTOR_WORDS[factor][: -1 if one else None]}"  # fmt: skip


def _by_margin(found: Foretold) -> str:
    return ", ".join(f"{each.c_statistic:.3f} among cells of {name}" for name, each in found.calibrations.items())


def is_right(found: Foretold) -> bool:
    """Whether the limits of the intercept hold 0 and those of the slope 1, on the later months."""
    intercept, slope = found.calibration.intercept, found.calibration.slope
    return slope[1] <= 1 <= slope[2] and intercept[1] <= 0 <= intercept[2]


def _seasons(found: Foretold) -> Sequence[str]:
    if found.tried.months % _YEAR == 0:
        return ()
    return ("What was learned and what it was tried on are of different seasons: some of the difference in level is that.",)


def risk_sheets(found: Foretold) -> list[Sheet]:
    """Probabilities, odds ratios and calibration, as they go into a file."""
    return [
        sheet("Probabilities", _PROBABILITIES, found.probabilities.table.to_pylist()),
        sheet("Odds ratios", _ODDS, found.coefficients.table.to_pylist()),
        sheet("Calibration", _GROUPS, found.groups.table.to_pylist()),
    ]
