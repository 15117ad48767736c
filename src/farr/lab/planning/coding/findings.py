"""What is found: every provider's figure of every indicator beside what is expected of it, tested; and its sudden shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import UNKNOWN, in_grouping, numbers, texts, worst
from farr.lab.measures.statistics.arrays import FloatArray, normal_deviate
from farr.lab.planning.coding.discovery import q_values
from farr.lab.planning.coding.dispersion import Tested, against_bulk, error_of_root
from farr.lab.planning.coding.indicator import Indicator
from farr.lab.planning.coding.questions import LEVEL
from farr.lab.planning.coding.reference import EXPECTED, OBSERVED, ROWS
from farr.lab.planning.coding.shift import LEAST_EXPECTED_MONTHLY, Shifts, shifts

RATE = 0.05
"""The share of what is called different that may be so by chance: a parameter of who asks."""
TEXTS = ("indicator", "subject", "code", "status", "shift_month")
FLOATS = (
    "admissions", "observed", "expected", "value", "expected_value", "ratio", "lower", "upper", "low_limit", "high_limit", "z", "p", "q",
    "worth", "worth_lower", "worth_upper", "shift_before", "shift_after", "shift_p", "shift_q",
)  # fmt: skip
FLAGS = ("differs", "shifted")
_REACH = normal_deviate(0.95)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was released about an indicator: the year's table and the months', and how far admissions scatter (`dispersion_of`)."""

    which: Indicator
    dispersion: float
    year: pa.Table
    months: pa.Table | None


@dataclass(frozen=True, kw_only=True)
class Control:
    """How false discoveries are held: to which `rate`, within each indicator or (`over_all`) over every test; `rounded_to`: what figures
    were rounded to multiples of (0: not)."""

    rate: float = RATE
    over_all: bool = False
    rounded_to: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Series:
    """The months of an indicator, arrays of shape (providers, months): roots of observed over expected over the nation's, and errors."""

    codes: tuple[str, ...]
    months: tuple[str, ...]
    root: FloatArray
    error: FloatArray


@dataclass(frozen=True, kw_only=True)
class _Found:
    answer: Answer
    codes: tuple[str, ...]
    status: tuple[str, ...]
    figures: Mapping[str, FloatArray]
    tested: Tested
    series: Series | None
    shifts: Shifts | None


def findings_table(answers: Sequence[Answer], control: Control) -> pa.Table:
    """A row an indicator and provider, in that order. Columns, null where hidden or not tested:

    indicator, subject, code, status; admissions, observed, expected; value, expected_value (in the indicator's unit); ratio, lower, upper
    (to the bulk of providers, 95% by chance), low_limit, high_limit (what providers usually lie within); z, p, q; differs (q within the
    rate); worth, worth_lower, worth_upper (pounds above what the bulk would come to, of indicators in pounds); shift_month (the first
    month of the likeliest shift), shift_before, shift_after (ratios to the nation's), shift_p, shift_q; shifted (shift_q within the rate).
    """
    found = [_found(answer, control) for answer in answers]
    q = _controlled([each.tested.p for each in found], control)
    shift_q = _controlled([np.full(len(each.codes), np.nan) if each.shifts is None else _placed(each, "p") for each in found], control)
    rows = [
        row
        for each, year, moved in zip(found, q, shift_q, strict=True)
        for row in _rows(each, year, moved, control.rate)
    ]  # fmt: skip
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in TEXTS}
    columns |= {name: pa.array([_known(row[name]) for row in rows], pa.float64()) for name in FLOATS}
    return pa.table(columns | {name: pa.array([row[name] for row in rows], pa.bool_()) for name in FLAGS})


def months_table(answers: Sequence[Answer], control: Control) -> pa.Table:
    """A row an indicator, provider and month that is shown. Columns: indicator, code, month, ratio (observed over expected, over the
    nation's of the month), lower, upper (95% by chance)."""
    rows: list[dict[str, Any]] = []
    for each in answers:
        series = series_of(each, control.rounded_to)
        if series is not None:
            rows += [
                {
                    "indicator": each.which.name, "code": code, "month": month, "ratio": root**2,
                    "lower": max(root - _REACH * error, 0.0) ** 2, "upper": (root + _REACH * error) ** 2,
                }
                for code, roots, errors in zip(series.codes, series.root.tolist(), series.error.tolist(), strict=True)
                for month, root, error in zip(series.months, roots, errors, strict=True)
                if not np.isnan(root)
            ]  # fmt: skip
    texts_, floats = ("indicator", "code", "month"), ("ratio", "lower", "upper")
    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in texts_}
    return pa.table(columns | {name: pa.array([row[name] for row in rows], pa.float64()) for name in floats})


def series_of(answer: Answer, rounded_to: float) -> Series | None:
    """The indicator's months; None where they were not asked, or refused."""
    if answer.months is None:
        return None
    own, nation = in_grouping(answer.months, 0), in_grouping(answer.months, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_nation = dict(zip(texts(nation, "month"), numbers(nation, OBSERVED) / numbers(nation, EXPECTED), strict=True))
    months, codes = tuple(sorted(of_nation)), tuple(sorted(set(texts(own, LEVEL)) - {"", UNKNOWN}))
    observed, expected = (np.full((len(codes), len(months)), np.nan) for _ in range(2))
    row_of, column_of = ({each: place for place, each in enumerate(names)} for names in (codes, months))
    for code, month, x, e in zip(texts(own, LEVEL), texts(own, "month"), numbers(own, OBSERVED), numbers(own, EXPECTED), strict=True):
        if code in row_of:
            observed[row_of[code], column_of[month]], expected[row_of[code], column_of[month]] = x, e
    usual = np.array([of_nation[month] for month in months])
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(expected >= LEAST_EXPECTED_MONTHLY, expected, np.nan) * np.where(usual > 0, usual, np.nan)
        return Series(
            codes=codes, months=months, root=np.sqrt(observed / base), error=error_of_root(base, answer.dispersion, rounded_to)
        )  # fmt: skip


def _found(answer: Answer, control: Control) -> _Found:
    own = in_grouping(answer.year, 0)
    known = [place for place, code in enumerate(texts(own, LEVEL)) if code not in ("", UNKNOWN)]
    own = own.take(pa.array(known, pa.int64()))
    figures = {name: numbers(own, name) for name in (ROWS, OBSERVED, EXPECTED)}
    series = series_of(answer, control.rounded_to)
    return _Found(
        answer=answer, codes=tuple(texts(own, LEVEL)), figures=figures,
        status=tuple(worst(each) for each in zip(*(texts(own, f"{name}__status") for name in (ROWS, OBSERVED, EXPECTED)), strict=True)),
        tested=against_bulk(figures[OBSERVED], figures[EXPECTED], dispersion=answer.dispersion, rounded_to=control.rounded_to),
        series=series, shifts=None if series is None else shifts(series.root, series.error),
    )  # fmt: skip


def _controlled(p: Sequence[FloatArray], control: Control) -> list[FloatArray]:
    if not control.over_all:
        return [q_values(each) for each in p]
    sizes = [each.size for each in p]
    return np.split(q_values(np.concatenate([*p, np.zeros(0)]), dependent=True), np.cumsum(sizes)[:-1]) if p else []


def _placed(found: _Found, name: str) -> FloatArray:
    """What was found of shifts, in the order of the year's providers; NaN for one without months."""
    if found.series is None or found.shifts is None:
        return np.full(len(found.codes), np.nan)
    held = dict(zip(found.series.codes, getattr(found.shifts, name).tolist(), strict=True))
    return np.array([held.get(code, np.nan) for code in found.codes], dtype=np.float64)


def _rows(found: _Found, q: FloatArray, shift_q: FloatArray, rate: float) -> list[dict[str, Any]]:
    which, test = found.answer.which, found.tested
    rows, observed, expected = (found.figures[name] for name in (ROWS, OBSERVED, EXPECTED))
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            "admissions": rows, "observed": observed, "expected": expected, "value": which.per * observed / rows,
            "expected_value": which.per * expected * test.centre / rows, "ratio": test.ratio, "lower": test.lower, "upper": test.upper,
            "low_limit": test.low_limit, "high_limit": test.high_limit, "z": test.z, "p": test.p, "q": q, **_worth(found),
            **{f"shift_{name}": _placed(found, name) for name in ("before", "after", "p")}, "shift_q": shift_q,
        }  # fmt: skip
    columns["shift_before"], columns["shift_after"] = columns["shift_before"] ** 2, columns["shift_after"] ** 2
    at = _placed(found, "at")
    months = found.series.months if found.series else ()
    return [
        {
            "indicator": which.name, "subject": which.subject.value, "code": code, "status": found.status[place],
            "shift_month": months[int(at[place])] if at[place] >= 0 else None,
            **{name: float(column[place]) for name, column in columns.items()},
            "differs": bool(q[place] <= rate), "shifted": bool(shift_q[place] <= rate),
        }
        for place, code in enumerate(found.codes)
    ]  # fmt: skip


def _worth(found: _Found) -> dict[str, FloatArray]:
    """Pounds by which what is observed lies above what the bulk of providers would come to."""
    test, nothing = found.tested, np.full(len(found.codes), np.nan)
    if not found.answer.which.is_money:
        return {"worth": nothing, "worth_lower": nothing, "worth_upper": nothing}
    at_bulk = found.figures[EXPECTED] * test.centre
    return {
        name: (ratio - 1) * at_bulk for name, ratio in (("worth", test.ratio), ("worth_lower", test.lower), ("worth_upper", test.upper))
    }


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
