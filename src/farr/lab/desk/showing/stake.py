"""Value at stake: what an organisation's difference from its norm comes to in pounds, where the measure is money."""

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import selected
from farr.lab.measures.measure import Direction, Measure, MeasureKind

_MONEY = "£"
_YEAR = 12
# Of these the figure times what it is divided by is the money spent; of a standardised rate or a proportion it is not.
_SUMS = (MeasureKind.RATE_PER_HEAD, MeasureKind.MEAN, MeasureKind.RATIO)


def value_at_stake(benchmark: Benchmark) -> float | None:
    """Pounds a year by which the organisation spends more than it would at the norm's figure; None where the measure is no money, the
    difference is hidden or the better way, or the figures are not those of twelve whole months.

    It is the plain difference of released figures. It has no interval, and nothing is taken off for regression to the mean: of those
    furthest out some are there by chance, so it is an upper end of what is worth asking about and no saving that was found."""
    measure, own = benchmark.measure, selected(benchmark)
    if not _is_money(measure) or benchmark.left_out or len(list(benchmark.period.months())) != _YEAR:
        return None
    if own.value is None or own.norm_value is None or own.denominator is None:
        return None
    more = own.value - own.norm_value
    # Less spent is better or, where neither end is, nothing that matching the norm would free.
    if more <= 0 or measure.direction is Direction.LOWER_IS_WORSE:
        return None
    return round(more * own.denominator / measure.per)


def _is_money(measure: Measure) -> bool:
    return measure.unit.startswith(_MONEY) and measure.value is not None and measure.kind in _SUMS
