"""What is made of each provider: which of its coding differs, or has shifted, and whether its care does too."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.planning.coding.findings import Answer, Control, Series, series_of
from farr.lab.planning.coding.indicator import Indicator, Subject
from farr.lab.planning.coding.reading import Finding, Reading, reading, verdict
from farr.lab.planning.coding.shift import change_at, scatter_of

Row = Mapping[str, Any]


def providers_table(findings: pa.Table, answers: Sequence[Answer], control: Control) -> pa.Table:
    """A row a provider, in order of code. Columns: code, verdict; coding, care (how many indicators of each differ over the year), tested
    (how many of coding could be tested), shifts (how many of coding have shifted), worth (pounds above the bulk by the price of the HRG
    for the diagnosis; null where not shown)."""
    read = readings_table(findings, answers, control).to_pylist()
    rows = findings.to_pylist()
    found = [_provider(code, [row for row in rows if row["code"] == code], read) for code in sorted({row["code"] for row in rows})]
    texts, counts = ("code", "verdict"), ("coding", "care", "tested", "shifts")
    columns = {name: pa.array([row[name] for row in found], pa.string()) for name in texts}
    columns |= {name: pa.array([row[name] for row in found], pa.int64()) for name in counts}
    return pa.table(columns | {"worth": pa.array([row["worth"] for row in found], pa.float64())})


def readings_table(findings: pa.Table, answers: Sequence[Answer], control: Control) -> pa.Table:
    """A row for each indicator of coding that differs at a provider over the year (`when` null) or from a month on. Columns: indicator,
    code, when, way (higher or lower), reading, explained_by (names of care that differs the way that explains it, comma between)."""
    indicators = {each.which.name: each.which for each in answers}
    series = {each.which.name: series_of(each, control.rounded_to) for each in answers if each.which.subject is Subject.CARE}
    scatter = {name: 1.0 if each is None else scatter_of(each.root, each.error) for name, each in series.items()}
    rows = findings.to_pylist()
    care = {(row["code"], row["indicator"]): row for row in rows if row["subject"] == Subject.CARE.value}
    found: list[dict[str, Any]] = []
    for row in (row for row in rows if row["subject"] == Subject.CODING.value):
        which, code = indicators[row["indicator"]], row["code"]
        if row["differs"]:
            beside = {name: _finding(care[code, name]) for name, _ in which.explained_by if (code, name) in care}
            found.append(_read(which, code, None, row["z"], beside))
        if row["shifted"]:
            changed = {
                name: Finding(name=name, z=_changed(series[name], code, row["shift_month"], scatter[name]), differs=False)
                for name, _ in which.explained_by
                if name in series
            }
            found.append(_read(which, code, row["shift_month"], row["shift_after"] - row["shift_before"], changed))
    names = ("indicator", "code", "when", "way", "reading", "explained_by")
    return pa.table({name: pa.array([row[name] for row in found], pa.string()) for name in names})


def _read(which: Indicator, code: str, when: str | None, z: float, care: Mapping[str, Finding]) -> dict[str, Any]:
    what, explains = reading(which, Finding(name=which.name, z=z, differs=True), care)
    way = "higher" if z > 0 else "lower"
    return {
        "indicator": which.name, "code": code, "when": when, "way": way, "reading": what.value, "explained_by": ",".join(explains)
    }  # fmt: skip


def _changed(series: Series | None, code: str, month: str, scatter: float) -> float | None:
    """z of the change of a provider's care from that month on; None where it cannot be told."""
    if series is None or code not in series.codes or month not in series.months:
        return None
    place = series.codes.index(code)
    _, z = change_at(series.root[place], series.error[place], series.months.index(month), scatter=scatter)
    return None if np.isnan(z) else z


def _finding(row: Row) -> Finding:
    return Finding(name=row["indicator"], z=row["z"], differs=row["differs"])


def _provider(code: str, rows: Sequence[Row], read: Sequence[Row]) -> dict[str, Any]:
    care = {row["indicator"]: _finding(row) for row in rows if row["subject"] == Subject.CARE.value}
    coding = [row for row in rows if row["subject"] == Subject.CODING.value]
    told = [Reading(row["reading"]) for row in read if row["code"] == code]
    tested = sum(row["z"] is not None for row in coding)
    worth = next((row["worth"] for row in coding if row["indicator"] == "price_for_diagnosis"), None)
    return {
        "code": code, "verdict": verdict(told, care, is_tested=tested > 0).value, "coding": sum(row["differs"] for row in coding),
        "care": sum(each.differs for each in care.values()), "tested": tested, "shifts": sum(row["shifted"] for row in coding),
        "worth": worth,
    }  # fmt: skip
