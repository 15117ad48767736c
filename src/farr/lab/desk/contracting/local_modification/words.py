"""A case for a local modification in words."""

from farr.lab.desk.contracting.local_modification.asking import Modification
from farr.lab.planning.local_modification.judging import COST, INCOME, STAY, Judgement, Verdict

TITLES = {
    COST: "Costs more than peers, like work for like", STAY: "Keeps people no longer than peers",
    INCOME: "Is paid less than its work costs",
}  # fmt: skip
MEANS = {COST: "adjusted cost over peers' mean", STAY: "adjusted stay over peers' mean", INCOME: "income over cost"}
METHOD = (
    "Cost: over activity × the nation's mean cost of each point of delivery and HRG or chapter, market forces taken out where factors are "
    "held (Reference costs guidance; National Cost Collection index). Beside peers: the prediction interval of a further provider.",
    "Stay: nights over those expected by kind of admission, specialty and age, beside peers' random-effects mean.",
    "Income: what a spell of each HRG chapter was paid × the spells that were costed, over their cost; the interval is of a ratio of sums, "
    "chapters being the units.",
    "Rule (Farr's own; its thresholds are parameters, not verified): supported where all three are met, not supported where one is not.",
)
MUST_SHOW = (
    "that the reason is structural: particular to this provider or place, identifiable, and beyond its control (remoteness, scale, site)",
    "that the reason is not paid for already, by market forces, top-ups or other funding",
    "that its quality and other efficiency (staffing, procurement, theatres) are as peers': only stays are tested here",
    "that other ways of providing the service, and other providers, were looked at with its commissioners",
)
"""What no feed tells (after Monitor's guidance and Frontier Economics 2012), and the applicant has to."""


def finding(found: Modification, name: str) -> str:
    """The verdict, and what it rests on, without a full stop."""
    of = {each.name: each for each in found.tested}
    said = {
        Verdict.SUPPORTED: "the data support a case for a local modification",
        Verdict.NOT_SUPPORTED: "the data do not support a case for a local modification",
        Verdict.UNTOLD: "the data cannot tell whether there is a case for a local modification",
    }[found.verdict]
    parts = (_part(of[COST], "cost {} peers'"), _part(of[STAY], "stays {} peers'"), _part(of[INCOME], "income {} cost"))
    return f"{name}, {found.period}: {said} ({'; '.join(parts)})"


def _part(test: Judgement, said: str) -> str:
    if test.value != test.value:
        return said.format("beside") + f": {test.why}"
    away = test.value - 1
    return said.format(f"{abs(away):.0%} {'above' if away >= 0 else 'below'}")


def cells(test: Judgement) -> tuple[str, str, str, str]:
    """Value, interval, probability that it is met, outcome."""
    if test.value != test.value:
        return "–", "–", "–", f"{test.outcome.value}: {test.why}"
    why = f": {test.why}" if test.why else ""
    return f"{test.value:.3f}", f"{test.lower:.3f} to {test.upper:.3f}", chance(test.probability), f"{test.outcome.value}{why}"


def chance(probability: float) -> str:
    """A probability, never as certain as a rounded one would be."""
    return "> 0.999" if probability > 0.999 else "< 0.001" if probability < 0.001 else f"{probability:.3f}"


def worth(found: Modification) -> str | None:
    """What the modification would be at most: the deficit of the services shown, or the cost above peers' where that is less; None where
    the case is not supported."""
    if found.verdict is not Verdict.SUPPORTED:
        return None
    above = next(each for each in found.tested if each.name == COST)
    cost = found.published.costed
    excess, least, most = (cost * (1 - 1 / each) for each in (above.value, above.lower, above.upper))
    deficit = -sum(row["margin"] for row in found.services.table.to_pylist() if row["margin"] is not None)
    return (
        f"At most £{min(excess, deficit):,.0f} a year: cost above peers' is £{excess:,.0f} (£{max(least, 0):,.0f} to £{most:,.0f}), "
        f"the deficit of services whose income is shown £{deficit:,.0f}"
    )
