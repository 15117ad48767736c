"""Coding in words: what differs, by how much, and what is made of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from farr.lab.desk import plain
from farr.lab.planning.coding.indicator import Indicator, Subject, declared
from farr.lab.planning.coding.reading import Verdict

Row = Mapping[str, Any]
ORDER = tuple(each.value for each in Verdict)
_MOST_NAMED = 3
_CLOSING = {
    Verdict.CODES.value: "no care that would explain it differs as far as can be told",
    Verdict.BOTH.value: "some of its care differs too, so that its patients may be others",
    Verdict.PATIENTS.value: "care that would explain it differs too, so that its patients may be others",
    Verdict.UNTOLD.value: "whether its care differs cannot be told from what is shown",
}
NOTES = (
    "A difference is one that is left after kind of admission, diagnosis or specialty, and age; patients differ in more than these. It "
    "says where to look at notes, never that anybody meant it.",
    "That care does not differ as far as can be told is not that it does not: see the intervals of care.",
    "Expectations of care leave diagnoses out, for these are what is in question.",
    "Usual: what nineteen of twenty providers lie within; the spread between providers is estimated without help of those that stand out.",
)


def figure(value: float | None, which: Indicator) -> str:
    """The figure in the indicator's unit: '12.3%'."""
    if value is None:
        return plain.HIDDEN
    return f"{value:,.{which.decimals}f}" + ("%" if which.unit.startswith("%") else "")


def apart(ratio: float | None) -> str:
    """A ratio as the share that it lies above or below: '+29%'."""
    return plain.HIDDEN if ratio is None else f"{ratio - 1:+.0%}".replace("-", "−")


def between(lower: float | None, upper: float | None) -> str:
    return plain.HIDDEN if lower is None or upper is None else f"{apart(lower)} to {apart(upper)}"


def q_value(q: float | None) -> str:
    return plain.HIDDEN if q is None else "<0.001" if q < 0.001 else f"{q:.3f}"


def pounds(value: float | None) -> str:
    """Signed, in thousands."""
    return plain.HIDDEN if value is None else f"{value / 1000:+,.0f}".replace("-", "−")


def of_provider(rows: Sequence[Row], code: str) -> list[Row]:
    return [row for row in rows if row["code"] == code]


def by_interest(rows: Sequence[Row]) -> list[Row]:
    """Providers, those first whose coding differs most surely."""
    return sorted(rows, key=lambda row: (ORDER.index(row["verdict"]), -(row["coding"] + row["shifts"]), -row["care"], row["code"]))


def in_order(findings: Sequence[Row]) -> list[Row]:
    """Coding before care, those furthest out first."""
    subjects = (Subject.CODING.value, Subject.CARE.value)
    return sorted(findings, key=lambda row: (subjects.index(row["subject"]), -abs(row["z"] or 0.0), row["indicator"]))


def named(readings: Sequence[Row]) -> str:
    """What differs, each indicator once: 'depth of coding higher (from October 2024), …'."""
    said = dict[str, str]()
    for row in readings:
        since = f" from {plain.month(row['when'])}" if row["when"] else ""
        title = declared()[row["indicator"]].title
        if row["indicator"] not in said or since:
            said[row["indicator"]] = f"{title[:1].lower() + title[1:] if not title[:2].isupper() else title} {row['way']}{since}"
    names = list(said.values())
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def differing_care(findings: Sequence[Row]) -> str:
    """The care that differs, with its direction."""
    differs = [row for row in findings if row["subject"] == Subject.CARE.value and row["differs"]]
    return ", ".join(f"{declared()[row['indicator']].title.lower()} {'higher' if row['z'] > 0 else 'lower'}" for row in differs)


def finding(name: str, verdict: str, readings: Sequence[Row], findings: Sequence[Row]) -> str:
    """The sentence that a page begins with."""
    if verdict == Verdict.UNKNOWN.value:
        return f"Nothing of the coding of {name} can be tested: too few of its figures are shown"
    if verdict == Verdict.NEITHER.value:
        return f"{name} codes and treats as other providers do, as far as can be told"
    if verdict == Verdict.TREATS.value:
        return f"{name} codes as other providers do, and treats differently or has other patients: {differing_care(findings)}"
    starts = {Verdict.CODES.value: "codes differently", Verdict.BOTH.value: "codes differently"}.get(verdict, "has coding that differs")
    return f"{name} {starts}: {named(readings)}; {_CLOSING[verdict]}"


def read(row: Row, readings: Sequence[Row]) -> str:
    """What is made of an indicator over the year, and since when it has shifted."""
    own = [each for each in readings if each["indicator"] == row["indicator"]]
    said = [_said(each) for each in own]
    if not said and row["differs"]:
        said = [f"differs ({'higher' if row['z'] > 0 else 'lower'})"]
    if row["shifted"] and row["subject"] == Subject.CARE.value:
        said.append(f"shifted from {plain.month(row['shift_month'])}")
    return "; ".join(said)


def _said(reading: Row) -> str:
    since = f" from {plain.month(reading['when'])}" if reading["when"] else ""
    because = ", ".join(declared()[name].title.lower() for name in reading["explained_by"].split(",") if name)
    return f"{reading['reading']}{since}" + (f" ({because})" if because else "")
