"""Three tests of a case for a local modification, each with its interval, and the verdict. The rule that joins them is Farr's own.

What has to be shown: that a service is uneconomic at the national price though it is provided efficiently (Health and Social Care Act 2012,
sections 124 to 126; Monitor, "Guidance on locally determined prices": structural costs that are specific, identifiable, beyond control and
not paid for elsewhere; Frontier Economics for Monitor, "A methodology for approving local modifications to the national tariff", 2012).
Neither gives a statistical test: every threshold here is a parameter, and none is verified against a publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_counts, normal_deviate

COST, STAY, INCOME = "cost", "stay", "income"


class Outcome(Enum):
    """What a test came to."""

    MET = "met"
    NOT_MET = "not met"
    UNTOLD = "cannot be told"


class Verdict(Enum):
    """What the tests together come to."""

    SUPPORTED = "the case is supported"
    NOT_SUPPORTED = "the case is not supported"
    UNTOLD = "it cannot be told"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Parameters, not verified. `confidence`: of every interval. `rare`: a cost that at most this share of providers like the peers would
    reach is above them (0.025: its whole 95% interval is); `usual`: one that at least this share would reach is not. `longer`: stays longer
    by this share than peers' are still efficient. `least_peers`, `least_services`: fewer tell no spread. `least_costed`: of costs, what the
    services with shown income must hold. `most_apart`: by how much spells costed and spells paid may differ."""

    confidence: float = 0.95
    rare: float = 0.025
    usual: float = 0.20
    longer: float = 0.05
    least_peers: int = 5
    least_services: int = 5
    least_costed: float = 0.80
    most_apart: float = 0.20


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """`value`: a ratio, with its interval; `probability`: that the test is met; `why`: in words, where it could not be made. NaN where it
    cannot be told."""

    name: str
    outcome: Outcome
    value: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")
    probability: float = float("nan")
    why: str = ""


DEFAULT = Rule()


def cost_above_peers(own: float, peers: npt.ArrayLike, rule: Rule = DEFAULT) -> Judgement:
    """Is the provider's adjusted cost above its peers' by more than they differ among themselves? The provider is not among `peers`.

    With x = ln own, m and s mean and standard deviation of n peers' logarithms, (x - m) / (s √(1 + 1/n)) has Student's t distribution of
    n - 1 degrees of freedom if the provider is one of them (the prediction of a further observation; Geisser 1993, Predictive Inference,
    2.1). `value` is exp(x - m), its interval by the same spread, `probability` the share of such providers that would cost less."""
    indices = as_counts("peers", peers)
    logs = np.log(indices[~np.isnan(indices) & (indices > 0)])
    if np.isnan(own) or own <= 0:
        return Judgement(name=COST, outcome=Outcome.UNTOLD, why="no cost of the provider is held")
    if logs.size < rule.least_peers:
        return Judgement(name=COST, outcome=Outcome.UNTOLD, why=f"{logs.size} peers have costs, and {rule.least_peers} are needed")
    above = float(np.log(own) - logs.mean())
    error = float(logs.std(ddof=1) * np.sqrt(1 + 1 / logs.size))
    less = float(special.stdtr(logs.size - 1, above / error)) if error > 0 else float(above > 0)
    reach = _student(rule.confidence, logs.size - 1) * error
    outcome = Outcome.MET if 1 - less <= rule.rare else Outcome.NOT_MET if 1 - less >= rule.usual else Outcome.UNTOLD
    return _told(COST, outcome, np.exp([above, above - reach, above + reach]), less)


def stay_like_peers(
    own: tuple[float, float], peers: Sequence[tuple[float, float]], *, dispersion: float, rounded_to: float = 0.0, rule: Rule = DEFAULT
) -> Judgement:
    """Are the provider's stays no longer than its peers', each as (observed, expected) nights? `dispersion`: variance of nights over what
    is expected, by chance; `rounded_to`: figures were rounded to multiples of this.

    The logarithm of each ratio has variance (dispersion + rounding) / expected. The peers' mean is that of DerSimonian and Laird (1986), so
    that their own spread widens it. `value` is the provider's ratio over the mean; the test is met where the whole interval lies below
    1 + `longer` (non-inferiority), not met where all of it lies above 1."""
    others = [each for each in peers if _is_known(each)]
    if not _is_known(own) or not dispersion > 0:
        return Judgement(name=STAY, outcome=Outcome.UNTOLD, why="the provider's stays are not shown")
    if len(others) < rule.least_peers:
        return Judgement(
            name=STAY, outcome=Outcome.UNTOLD, why=f"stays of {len(others)} peers are shown, and {rule.least_peers} are needed"
        )
    ratio, variance = _logs([own, *others], dispersion, rounded_to)
    mean, error = random_mean(ratio[1:], variance[1:])
    longer, spread = float(ratio[0] - mean), float(np.sqrt(variance[0] + error**2))
    reach = normal_deviate(rule.confidence) * spread
    limit = float(np.log1p(rule.longer))
    met = float(special.ndtr((limit - longer) / spread))
    outcome = Outcome.MET if longer + reach <= limit else Outcome.NOT_MET if longer - reach > 0 else Outcome.UNTOLD
    return _told(STAY, outcome, np.exp([longer, longer - reach, longer + reach]), met)


def income_below_cost(
    income: npt.ArrayLike, cost: npt.ArrayLike, *, costed: float, apart: float = 0.0, rule: Rule = DEFAULT
) -> Judgement:  # fmt: skip
    """Does what is paid fall short of cost, throughout the provider's services? Arrays of shape (services,), NaN where not shown. `costed`:
    the provider's whole cost; `apart`: by what share spells costed and paid differ.

    `value` is Σ income / Σ cost. Its error is that of a ratio of sums, services being the units: √(n / (n - 1) Σ (income - ratio cost)²)
    / Σ cost (Cochran 1977, Sampling Techniques, 6.4, with n - 1 for Student's t): a deficit that rides on one service is not told. The
    pounds themselves are what was paid and reported, whatever the interval says."""
    paid, spent = as_counts("income", income), as_counts("cost", cost)
    known = ~np.isnan(paid) & ~np.isnan(spent) & (spent > 0)
    paid, spent = paid[known], spent[known]
    if paid.size < rule.least_services:
        return Judgement(
            name=INCOME,
            outcome=Outcome.UNTOLD,
            why=f"income of too few services is shown: {paid.size}, and {rule.least_services} are needed",
        )
    ratio = float(paid.sum() / spent.sum())
    error = float(np.sqrt(paid.size / (paid.size - 1) * ((paid - ratio * spent) ** 2).sum()) / spent.sum())
    reach = _student(rule.confidence, paid.size - 1) * error
    below = float(special.stdtr(paid.size - 1, (1 - ratio) / error)) if error > 0 else float(ratio < 1)
    outcome = Outcome.MET if ratio + reach < 1 else Outcome.NOT_MET if ratio - reach >= 1 else Outcome.UNTOLD
    why = ""
    if spent.sum() < rule.least_costed * costed:
        outcome, why = (
            Outcome.UNTOLD,
            f"services with shown income hold {spent.sum() / costed:.0%} of costs; {rule.least_costed:.0%} needed",
        )
    elif not abs(apart) <= rule.most_apart:
        outcome, why = Outcome.UNTOLD, f"spells paid and spells costed differ by {apart:+.0%}, and may by {rule.most_apart:.0%}"
    return _told(INCOME, outcome, np.array([ratio, max(ratio - reach, 0.0), ratio + reach]), below, why)


def verdict(tests: Sequence[Judgement]) -> Verdict:
    """Supported where every test is met; not supported where any is not; else it cannot be told."""
    outcomes = [each.outcome for each in tests]
    if any(each is Outcome.NOT_MET for each in outcomes):
        return Verdict.NOT_SUPPORTED
    return Verdict.SUPPORTED if outcomes and all(each is Outcome.MET for each in outcomes) else Verdict.UNTOLD


def random_mean(value: FloatArray, variance: FloatArray) -> tuple[float, float]:
    """Mean and its standard error, of values that differ by more than their own variances (DerSimonian and Laird 1986)."""
    weight = 1 / variance
    fixed = float((weight * value).sum() / weight.sum())
    excess = float((weight * (value - fixed) ** 2).sum()) - (value.size - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    between = max(0.0, excess / scale) if scale > 0 else 0.0
    whole = 1 / (variance + between)
    return float((whole * value).sum() / whole.sum()), float(1 / np.sqrt(whole.sum()))


def _logs(pairs: Sequence[tuple[float, float]], dispersion: float, rounded_to: float) -> tuple[FloatArray, FloatArray]:
    observed, expected = (np.array([each[place] for each in pairs], dtype=np.float64) for place in (0, 1))
    return np.log(observed / expected), dispersion / expected + 2 * rounded_to**2 / 12 / expected**2


def _is_known(pair: tuple[float, float]) -> bool:
    return not np.isnan(pair).any() and min(pair) > 0


def _student(confidence: float, degrees: int) -> float:
    return float(special.stdtrit(degrees, (1 + confidence) / 2))


def _told(name: str, outcome: Outcome, ratio: FloatArray, probability: float, why: str = "") -> Judgement:
    value, lower, upper = (float(each) for each in ratio)
    return Judgement(name=name, outcome=outcome, value=value, lower=lower, upper=upper, probability=probability, why=why)
