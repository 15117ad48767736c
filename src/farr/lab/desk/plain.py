"""Plain language: what a figure says, in words that claim no more than it shows."""

from collections.abc import Sequence

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import Part, Row, is_shown, peers, rows, selected, shown_of_others, trend
from farr.lab.measures.measure import Direction, Measure, MeasureKind
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month, Period

HIDDEN = "*"
HIDDEN_NOTE = "* not shown: small numbers, or a number from which a small one could be worked out."
_MONTHS = ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December")  # fmt: skip
_ROWS = {
    "apc_spell": "spells",
    "op_appointment": "appointments",
    "ae_visit": "attendances",
    "episode_group": "episodes of illness",
}
_QUARTERS = {1: "lowest quarter", 2: "second-lowest quarter", 3: "second-highest quarter", 4: "highest quarter"}


def number(value: float | None, measure: Measure) -> str:
    """The figure without its unit, at the measure's decimals; `*` where it is hidden."""
    return HIDDEN if value is None else f"{value:,.{measure.decimals}f}".replace("-", "−")


def figure(value: float | None, measure: Measure) -> str:
    """The figure with its unit: '12.3% of discharges', '98.4 per 1,000 people a year'."""
    return HIDDEN if value is None else f"{number(value, measure)}{'' if is_percent(measure) else ' '}{unit(measure)}"


def short(value: float | None, measure: Measure) -> str:
    """The figure for a place where the unit stands nearby; a percent sign stays."""
    return number(value, measure) + ("%" if is_percent(measure) and value is not None else "")


def signed(value: float | None, measure: Measure) -> str:
    """A difference with its sign; in points, where the measure is a percentage."""
    if value is None:
        return HIDDEN
    sign = "+" if value > 0 else ""
    return f"{sign}{number(value, measure)} {'points' if is_percent(measure) else ''}".rstrip()


def count(value: float | None) -> str:
    return HIDDEN if value is None else f"{value:,.0f}"


def is_percent(measure: Measure) -> bool:
    """Units of percentages begin with the sign: '%', '% of discharges'."""
    return measure.unit.startswith("%")


def unit(measure: Measure) -> str:
    return measure.unit


def unit_after_short(measure: Measure) -> str:
    """What `short` leaves unsaid: 'of discharges', 'days a spell'."""
    return measure.unit.removeprefix("%").strip()


def counted(row: Row, measure: Measure) -> str:
    """The two numbers behind the figure, in words."""
    top, bottom = count(row.numerator), f"{count(row.denominator)} {denominator(measure)}"
    summed = "a sum of " if measure.value is not None else ""
    return {
        MeasureKind.PROPORTION: f"{top} of {bottom}",
        MeasureKind.RATE_PER_HEAD: f"{summed}{top} in {bottom}",
        MeasureKind.MEAN: f"a sum of {top} over {bottom}",
        MeasureKind.RATIO: f"{summed}{top} to {count(row.denominator)}",
        MeasureKind.DIRECTLY_STANDARDISED: f"{top} in {bottom}, weighted to a standard population",
        MeasureKind.STANDARDISED_RATIO: f"{top} observed, {count(row.denominator)} expected",
        MeasureKind.STANDARDISED_RATIO_PER_HEAD: f"{top} observed, {count(row.denominator)} expected",
    }[measure.kind]


def axis(measure: Measure) -> str:
    """Axis title: the unit alone, for the measure's name stands above the chart and would not fit beside a short axis."""
    return measure.unit[:1].upper() + measure.unit[1:]


def titled(measure: Measure) -> str:
    """The measure and its unit."""
    return f"{measure.title} ({unit(measure)})"


def denominator(measure: Measure) -> str:
    """What the denominator counts."""
    return "person-years" if measure.kind.is_per_head else _ROWS.get(measure.table.name, "records")


def norm(benchmarks: Sequence[Benchmark]) -> str:
    """The norm that most of them are set beside, for the head of a page."""
    titles = [benchmark.norm_title.lower() for benchmark in benchmarks]
    return {"national": "the nation", "region": "its region"}.get(common := max(set(titles), key=titles.count), f"the {common}")


def breakdown(benchmark: Benchmark) -> str:
    """What a breakdown is by: 'specialty', 'age', 'HRG chapter'."""
    words = DIMENSIONS[benchmark.by].title.split() if benchmark.by in DIMENSIONS else ["part"]
    return " ".join(word if word.isupper() else word.lower() for word in words)


def month(text: str) -> str:
    """'2024-05' as 'May 2024'."""
    parsed = Month.parse(text)
    return f"{_MONTHS[parsed.month - 1]} {parsed.year}"


def day(text: str) -> str:
    """'2024-05-07', with or without a time of day, as '7 May 2024'."""
    return f"{int(text[8:10])} {month(text[:7])}"


def period(value: Period) -> str:
    return month(str(value.first)) if value.first == value.last else f"{month(str(value.first))} to {month(str(value.last))}"


def plural(level: str) -> str:
    return DIMENSIONS[level].plural if level in DIMENSIONS else "nations"


def level_title(level: str) -> str:
    return DIMENSIONS[level].title if level in DIMENSIONS else level.replace("_", " ").capitalize()


def ordinal(value: int) -> str:
    suffix = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{suffix}"


def standing(benchmark: Benchmark) -> str:
    """'Higher than 21 of 23 other commissioners'; says so where the figure, or every other, is hidden."""
    own = selected(benchmark).value
    others = shown_of_others(benchmark)
    if own is None:
        return "Not shown (small numbers)"
    if not benchmark.measure.kind.is_ranked:
        return _against_nation(own, selected(benchmark).norm_value)
    if not others:
        return f"No other {plural(benchmark.level)} can be shown beside it"
    below = sum(value < own for value in others)
    above = sum(value > own for value in others)
    whom = f"{len(others)} other {plural(benchmark.level)}"
    if below == above == 0:
        return f"The same as {whom}"
    word, beaten = ("Higher", below) if below >= above else ("Lower", above)
    return f"{word} than {'all' if beaten == len(others) else f'{beaten} of'} {whom}"


def _against_nation(own: float, nation: float | None) -> str:
    """A standardised ratio is set beside the nation and nobody else."""
    if nation is None or own == nation:
        return "The same as the nation"
    return f"{'Above' if own > nation else 'Below'} the nation, for people and illnesses like these"


def chance(row: Row, level: str) -> str:
    """What the funnel says about chance. It is drawn around all organisations of the level, whatever the norm."""
    if row.verdict in ("high", "low"):
        return f"unlikely to be chance (outside the 99.8% limits around all {plural(level)})"
    if row.verdict == "as expected":
        return "within what chance can explain"
    return "not tested against chance"


def finding(benchmark: Benchmark) -> str:
    """One sentence: where the organisation stands, and whether chance could explain it."""
    row = selected(benchmark)
    if benchmark.level == "national" and benchmark.norm == "national":
        return run_finding(benchmark)  # the nation has no peers
    return standing(benchmark) if not is_shown(row) else f"{standing(benchmark)}; {chance(row, benchmark.level)}"


def verdict(row: Row, direction: Direction) -> str:
    """The verdict's chip: 'better' and 'worse' only where the measure says which way is which."""
    if row.verdict not in ("high", "low"):
        return {"as expected": "As expected", "not assessed": "Not assessed"}.get(
            row.verdict or "", "Not shown" if not is_shown(row) else "Not assessed"
        )
    word = "High" if row.verdict == "high" else "Low"
    meaning = {"concern": ": worse than expected", "improvement": ": better than expected"}.get(tone(row, direction), "")
    return word + meaning


def tone(row: Row, direction: Direction) -> str:
    """'concern', 'improvement', 'notable' (outlier of a measure neither of whose ends is better) or 'neutral'."""
    if row.verdict not in ("high", "low"):
        return "neutral"
    if direction is Direction.NEITHER:
        return "notable"
    return "concern" if (row.verdict == "high") == (direction is Direction.HIGHER_IS_WORSE) else "improvement"


def quartile(row: Row, direction: Direction) -> str:
    """'highest quarter (the worse end)'; quartile 1 holds the lowest values."""
    if row.quartile is None:
        return HIDDEN if not is_shown(row) else "not ranked"
    ends = {Direction.HIGHER_IS_WORSE: {4: "worse", 1: "better"}, Direction.LOWER_IS_WORSE: {1: "worse", 4: "better"}}
    end = ends.get(direction, {}).get(row.quartile)
    return _QUARTERS[row.quartile] + (f" (the {end} end)" if end else "")


def rank(row: Row) -> str:
    """'22nd lowest of 24' is hard to read from the top: the nearer end is named."""
    if row.rank is None or row.ranked is None:
        return HIDDEN if not is_shown(row) else "not ranked"
    from_top = row.ranked - row.rank + 1
    place, end = (from_top, "highest") if from_top <= row.rank else (row.rank, "lowest")
    return f"{end} of {row.ranked}" if place == 1 else f"{ordinal(place)} {end} of {row.ranked}"


def interval(row: Row | Part, measure: Measure) -> str:
    if row.lower is None or row.upper is None:
        return HIDDEN
    return f"{number(row.lower, measure)} to {number(row.upper, measure)}"


def not_shown(benchmark: Benchmark, *, only_peers: bool) -> str:
    """'3 not shown (small numbers)', or nothing."""
    hidden = sum(not is_shown(row) for row in (peers(benchmark) if only_peers else rows(benchmark)))
    return f"{hidden} not shown (small numbers)" if hidden else ""


def direction(measure: Measure) -> str:
    return {
        Direction.HIGHER_IS_WORSE: "Higher is worse.",
        Direction.LOWER_IS_WORSE: "Lower is worse.",
        Direction.NEITHER: "Neither end is better: variation is worth understanding.",
    }[measure.direction]


def run_finding(benchmark: Benchmark) -> str:
    """What the run chart says: the newest shown month first, then how many months signal a change."""
    points = [point for point in trend(benchmark) if point.value is not None]
    if not points:
        return "No month can be shown (small numbers)"
    if all(point.point == "not assessed" for point in points):
        return f"Too few months to tell change from usual variation ({len(points)} shown)"
    signals = [point for point in points if (point.point or "").startswith("special cause")]
    if not signals:
        return f"Steady: none of {len(points)} months differs from the usual month-to-month variation"
    latest = signals[-1]
    which = {"special cause concern": " for the worse", "special cause improvement": " for the better"}.get(latest.point or "", "")
    when = "the latest month among them" if latest is points[-1] else f"most recently {month(latest.month)}"
    return f"Changed{which}: {len(signals)} of {len(points)} months are beyond usual variation, {when}"
