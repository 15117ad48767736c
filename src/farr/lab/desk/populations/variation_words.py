"""Variation in words: its finding, its indices with what each says, and what must be known to read them."""

from collections.abc import Mapping
from math import exp, sqrt
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.populations.stating import between, decimal, percent, whole
from farr.lab.desk.populations.varying import Varied

Row = dict[str, Any]
_FAMILIAR = 0.05  # of a test's p-value
_NO_P = 0.0001
_QUARTILE = 0.6744897501960817  # of a standard normal distribution

INDEX_WORDS: Mapping[str, tuple[str, str]] = {
    "extremal": ("Highest over lowest", "of the ratios; grows with the number of places, and by chance"),
    "trimmed": ("The same without extremes", "without the share of places that the NHS Atlas leaves out at each end (7 of 211)"),
    "p95_5": ("95th over 5th percentile", "of the ratios"),
    "p75_25": ("75th over 25th percentile", "of the ratios"),
    "variation": ("Coefficient of variation", "of the ratios, every place alike"),
    "weighted_variation": ("The same, weighted by people", ""),
    "by_chance": ("What chance alone would give", "the coefficient of variation that these expected numbers and rounding would have"),
    "systematic": ("Systematic component of variation × 100", "variance of the true ratios (McPherson 1982); small places decide it"),
    "variance": ("Empirical Bayes variance × 100", "of the logarithm of true ratios (Poisson-lognormal), with 95% limits"),
    "chi_squared": ("Chi-squared of one rate for all", ""),
}
_AS_PERCENT = ("variation", "weighted_variation", "by_chance")
_TIMES_100 = ("systematic", "variance")


def index_rows(found: Varied) -> list[Row]:
    """The indices in order, each with `title`, `figure` and `says` in words."""
    held = {row["name"]: row for row in found.indices.table.to_pylist()}
    rows: list[Row] = []
    for name, (title, says) in INDEX_WORDS.items():
        if name not in held:
            rows.append({"name": name, "title": title, "figure": plain.HIDDEN, "says": "too few places, or no event"})
            continue
        rows.append({"name": name, "title": title, "figure": _figure(name, held), "says": _says(name, says, held)})
    return rows


def value_of(found: Varied, name: str) -> float | None:
    """The value of an index; None where it could not be worked out."""
    return next((row["value"] for row in found.indices.table.to_pylist() if row["name"] == name), None)


def headline(found: Varied) -> str:
    """How much there is beyond chance, in a sentence."""
    variance, p_value = value_of(found, "variance"), value_of(found, "no_variation")
    plural = plain.plural(found.level)
    if variance is None or p_value is None:
        return f"Too few {plural} are shown to say how much they differ"
    if p_value >= _FAMILIAR:
        return f"{plural.capitalize()} differ no more than chance can explain"
    ratio = exp(2 * _QUARTILE * sqrt(variance))
    return f"{plural.capitalize()} differ beyond chance: a quarter of them lie at {decimal(ratio)} times another quarter, or more"


def finding(found: Varied, own: Row, name: str) -> str:
    """What the figure of one place says."""
    what = f"{found.interest.title.lower()} of {name}"
    if own["ratio"] is None:
        return f"{found.interest.title} of {name} are not shown (small numbers)"
    beside = f"{what[0].upper()}{what[1:]} are {own['ratio']:.2f} times what its people's age, sex and deprivation would lead one to expect"
    if not found.people.by_deprivation:
        beside = beside.replace("age, sex and deprivation", "age and sex")
    if own["lower"] > 1 or own["upper"] < 1:
        return f"{beside} (95% interval {between(own['lower'], own['upper'])}): chance alone hardly explains it"
    return f"{beside} (95% interval {between(own['lower'], own['upper'])}): chance can explain it"


def notes(found: Varied) -> list[str]:
    """What must be known to read the figures."""
    hidden, small = value_of(found, "hidden") or 0.0, value_of(found, "small") or 0.0
    return [
        f"Counted: {found.interest.source}; admissions, not people: who comes twice counts twice, and a transfer may count at each end.",
        "Expected: what the nation's rates of each age group, sex and fifth of deprivation would make of the people who live there; hidden "
        "strata share what is left of their total. A ratio compares a place with the nation, never with another place.",
        found.people.sentence,
        "Intervals: Byar's, exact below ten events. Intervals of many places: one in twenty lies off by chance alone.",
        f"{plain.plural(found.level).capitalize()} hidden, and so in no index: {hidden:.0f}; that they are those with fewest makes indices "
        f"a little too small. Of which fewer than five admissions are expected: {small:.0f}; their ratios say next to nothing (hollow).",
        "The systematic component weighs every place alike and has a large error of its own where little is expected; the empirical Bayes "
        "variance weighs each by what it knows. The two agree where all places are large.",
        "Commissioners: admissions are those it pays for (registered people), people those who live in its area; the two differ a little.",
        found.interest.varies.value,
    ]


def cells(row: Row) -> tuple[str, ...]:
    """Observed, expected, ratio, interval, rate, and what is believed after shrinkage."""
    return (
        whole(row["observed"]), decimal(row["expected"], 1), decimal(row["ratio"]), between(row["lower"], row["upper"]),
        decimal(row["rate"], 1), decimal(row["shrunk"]),
    )  # fmt: skip


def says(row: Row, name: str) -> str:
    """A place in a few words."""
    counted = f"{whole(row['observed'])} seen, {decimal(row['expected'], 1)} expected"
    return f"{name}: {decimal(row['ratio'])} ({between(row['lower'], row['upper'])}), {counted}"


def _figure(name: str, held: Mapping[str, Row]) -> str:
    value = held[name]["value"]
    if name in _AS_PERCENT:
        return percent(value)
    if name in _TIMES_100 and value is not None:
        return decimal(100 * value)
    return decimal(value)


def _says(name: str, says: str, held: Mapping[str, Row]) -> str:
    row = held[name]
    if name == "variance" and row["lower"] is not None and row["upper"] is not None:
        return f"{says}: {between(100 * row['lower'], 100 * row['upper'])}"
    if name == "trimmed":
        return f"{says}; here {held['trimmed_each']['value']:.0f} at each end"
    if name == "chi_squared" and held["p_value"]["value"] is not None:
        p_value = held["p_value"]["value"]
        return f"on {held['degrees']['value']:.0f} degrees of freedom, p {f'< {_NO_P}' if p_value < _NO_P else f'= {p_value:.4f}'}"
    return says
