"""How a provider codes beside what is expected of its patients, as the statement that readers are shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts.coding import months, profile
from farr.lab.desk.charts.theme import Spec, darkened
from farr.lab.desk.contracting.coding import words
from farr.lab.desk.contracting.coding.asking import Coding
from farr.lab.desk.contracting.coding.files import explained, sheets
from farr.lab.model.showing.page import Chart, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.coding.indicator import Subject, declared

KIND, LEVEL = "coding", "provider"
_MOST_MONTHS, _MOST_PROVIDERS = 3, 60
_TITLE = "Coding"
_WHY = (
    "Is a provider that looks different coding differently, or treating differently? What is written down is set beside what its casemix "
    "predicts, and beside care that coding cannot change."
)
_SOURCE = (
    "Indirect standardisation; over-dispersion after Spiegelhalter (2012) and Efron (2004); false discoveries after Benjamini and Hochberg "
    "(1995); each indicator cites its own. Farr's own rule tells coding from care: docs/coding.md"
)
_COLUMNS = ("Figure", "Expected", "Differs by", "95% by chance", "Usual", "q", "Reading")
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class _Own:
    """What was found of one provider: its rows of each table."""

    code: str
    name: str
    verdict: Row
    findings: Sequence[Row]
    readings: Sequence[Row]
    months: Sequence[Row]
    finding: str


def statement_of(found: Coding, provider: str, names: Mapping[str, str], *, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of a provider that has a row. `names` are of providers. Raises IndexError where it has none."""
    own = _own(found, provider, names)
    return Statement(
        made_at=made_at, agreement=found.findings.manifest.agreement, is_synthetic=is_synthetic, kind=KIND, name=KIND, title=_TITLE,
        why=_WHY, source=_SOURCE, organisation=provider, organisation_name=own.name, level=LEVEL, level_title=plain.level_title(LEVEL),
        level_plural=plain.plural(LEVEL), period=str(found.period), period_title=plain.period(found.period), finding=own.finding,
        facts=_facts(found, own), charts=_charts(found, own, names), parts=_parts(found, own, names), sheets=_sheets(found, own, names),
        notes=(*words.NOTES, *(f"Left out, {name}: {why}" for name, why in found.left_out.items())),
        explained=(("Finding", f"{own.finding}."), *explained(found)), hidden_note=plain.HIDDEN_NOTE, dark=darkened(),
        releases=tuple(
            json.loads(json.dumps(each.manifest.as_dict())) for each in (found.findings, found.readings, found.providers, found.by_month)
        ),
    )  # fmt: skip


def _own(found: Coding, provider: str, names: Mapping[str, str]) -> _Own:
    rows = {
        name: words.of_provider(released.table.to_pylist(), provider)
        for name, released in (
            ("verdict", found.providers), ("findings", found.findings), ("readings", found.readings), ("months", found.by_month)
        )
    }  # fmt: skip
    verdict, name = rows["verdict"][0], names.get(provider, provider)
    return _Own(
        code=provider, name=name, verdict=verdict, findings=rows["findings"], readings=rows["readings"], months=rows["months"],
        finding=words.finding(name, verdict["verdict"], rows["readings"], rows["findings"]),
    )  # fmt: skip


def _facts(found: Coding, own: _Own) -> tuple[Figure, ...]:
    verdicts = [row["verdict"] for row in found.providers.table.to_pylist()]
    row = own.verdict
    cares = sum(each["z"] is not None and each["subject"] == Subject.CARE.value for each in own.findings)
    return (
        Figure(label="Verdict", figure=row["verdict"], note=f"{verdicts.count(row['verdict'])} of {len(verdicts)} providers have this one"),
        Figure(label="Coding that differs", figure=f"{row['coding']} of {row['tested']}", note="indicators of coding that could be tested"),
        Figure(label="Coding that shifted", figure=str(row["shifts"]), note=f"sudden shifts in {plain.period(found.months)}"),
        Figure(label="Care that differs", figure=f"{row['care']} of {cares}", note="indicators of care that coding cannot change"),
        Figure(label="HRG price", figure=_thousands(row["worth"]), note="what its groups come to above the usual for its diagnoses, £"),
    )


def _charts(found: Coding, own: _Own, names: Mapping[str, str]) -> tuple[Chart, ...]:
    subtitle = f"{plain.period(found.period)}. Dots: above or below the usual, with 95% intervals; bands: where most providers lie"
    marks = [_mark(row, declared()[row["indicator"]].title) for row in words.in_order(own.findings) if row["z"] is not None]
    specs: list[tuple[str, Spec]] = []
    if marks:
        axis = "Below (left) or above (right) what is usual for such patients"
        specs.append(("indicators", profile.spec(marks, title=own.finding, subtitle=subtitle, axis=axis)))
    specs += [(f"months_{row['indicator']}", _months(row, own)) for row in own.findings if row["shifted"]][:_MOST_MONTHS]
    specs += _beside(found, own, names)
    return tuple(
        Chart(
            name=name, title=" ".join(spec["title"]["text"]), subtitle=" ".join(spec["title"]["subtitle"]),
            description=spec["description"], full=spec,
        )
        for name, spec in specs
    )  # fmt: skip


def _beside(found: Coding, own: _Own, names: Mapping[str, str]) -> list[tuple[str, Spec]]:
    """All providers by the indicator of coding that lies furthest out here, its own dot coloured."""
    tested = [row for row in own.findings if row["z"] is not None and row["subject"] == Subject.CODING.value]
    if not tested:
        return []
    furthest = max(tested, key=lambda row: abs(row["z"]))
    which = declared()[furthest["indicator"]]
    rows = [row for row in found.findings.table.to_pylist() if row["indicator"] == which.name and row["z"] is not None]
    rows = sorted(rows, key=lambda row: (-row["ratio"], row["code"]))
    half = _MOST_PROVIDERS // 2
    kept = [row for at, row in enumerate(rows) if at < half or at >= len(rows) - half or row["code"] == own.code]
    marks = [_mark(row, f"{names.get(row['code'], row['code'])} ({row['code']})", is_own=row["code"] == own.code) for row in kept]
    place = 1 + sum(row["ratio"] > furthest["ratio"] for row in rows)
    title = f"{which.title}: {own.name} is {place} of {len(rows)} from the highest, {words.apart(furthest['ratio'])} from the usual"
    subtitle = f"{plain.period(found.period)}, all providers shown, with 95% intervals"
    return [("providers", profile.spec(marks, title=title, subtitle=subtitle, axis="Below or above what is usual for such patients"))]


def _mark(row: Row, label: str, *, is_own: bool | None = None) -> profile.Mark:
    says = f"{label} {words.apart(row['ratio'])} ({words.between(row['lower'], row['upper'])}), q {words.q_value(row['q'])}"
    return profile.Mark(
        label=label, ratio=row["ratio"] - 1, lower=row["lower"] - 1, upper=row["upper"] - 1, low=row["low_limit"] - 1,
        high=row["high_limit"] - 1, stands_out=row["differs"] if is_own is None else is_own, says=says,
    )  # fmt: skip


def _months(row: Row, own: _Own) -> Spec:
    title = declared()[row["indicator"]].title
    points = [
        months.Point(
            month=each["month"], ratio=each["ratio"], lower=each["lower"], upper=each["upper"],
            says=f"{plain.month(each['month'])}: {words.apart(each['ratio'])}",
        )
        for each in own.months
        if each["indicator"] == row["indicator"]
    ]  # fmt: skip
    before, after = row["shift_before"], row["shift_after"]
    return months.spec(
        points, since=row["shift_month"], before=before, after=after,
        title=f"{title} shifted from {plain.month(row['shift_month'])}: {words.apart(before)} before, {words.apart(after)} after",
        subtitle=f"{own.name}, by month, against what is expected of its admissions and the nation's month",
    )  # fmt: skip


def _parts(found: Coding, own: _Own, names: Mapping[str, str]) -> tuple[Part, ...]:
    made: list[Part] = []
    titles = {Subject.CODING: "What was written down", Subject.CARE: "Care that coding cannot change"}
    says = {
        Subject.CODING: "Against what is expected of its kinds of admission, diagnoses or specialties, and ages.",
        Subject.CARE: "Against what is expected of its kinds of admission, specialties and ages; diagnoses are left out.",
    }
    for subject, title in titles.items():
        rows = [row for row in own.findings if row["subject"] == subject.value]
        lines = tuple(
            Line(code=row["indicator"], name=declared()[row["indicator"]].title, is_selected=row["differs"], in_norm=True,
                 cells=_cells(row, own.readings))
            for row in rows
        )  # fmt: skip
        made.append(
            Part(name=subject.value, title=title, says=says[subject], heading="Indicator", table=Table(columns=_COLUMNS, lines=lines))
        )
    return (*made, _all(found, own, names))


def _all(found: Coding, own: _Own, names: Mapping[str, str]) -> Part:
    readings, findings = found.readings.table.to_pylist(), found.findings.table.to_pylist()
    lines = tuple(
        Line(
            code=row["code"], name=names.get(row["code"], row["code"]), is_selected=row["code"] == own.code, in_norm=True,
            cells=(
                row["verdict"], words.named(words.of_provider(readings, row["code"])),
                words.differing_care(words.of_provider(findings, row["code"])), _thousands(row["worth"]),
            ),
        )
        for row in words.by_interest(found.providers.table.to_pylist())
    )  # fmt: skip
    columns = ("Verdict", "What of its coding", "What of its care", "HRG price, £")
    return Part(
        name="providers", title="All providers", says="Those first whose coding differs.", heading="Provider", is_words=True,
        table=Table(columns=columns, lines=lines),
    )  # fmt: skip


def _cells(row: Row, readings: Sequence[Row]) -> tuple[str, ...]:
    which = declared()[row["indicator"]]
    return (
        words.figure(row["value"], which), words.figure(row["expected_value"], which), words.apart(row["ratio"]),
        words.between(row["lower"], row["upper"]), words.between(row["low_limit"], row["high_limit"]), words.q_value(row["q"]),
        words.read(row, readings),
    )  # fmt: skip


def _sheets(found: Coding, own: _Own, names: Mapping[str, str]) -> tuple[Sheet, ...]:
    return tuple(
        Sheet(name=name, columns=columns, rows=tuple(tuple(row[column.field] for column in columns) for row in rows))
        for name, (columns, rows) in sheets(found, names, own.code).items()
    )


def _thousands(pounds: float | None) -> str:
    return plain.HIDDEN if pounds is None else f"{words.pounds(pounds)} thousand"
