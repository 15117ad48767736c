"""Every row of PHE's worked results that Farr computes, at 95% and 99.8%: counts, proportions, standardised ratios and rates."""

import os
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from farr.lab.measures.statistics import (
    byar_interval,
    directly_standardised_rate,
    expected_counts,
    indirectly_standardised_ratio,
    wilson_interval,
)

DATA = Path(os.environ.get("FARR_SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data")) / "phe_indicators"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="shared/data/phe_indicators is absent; set FARR_SHARED_DATA")


def _rows(file, sheet):
    rows = openpyxl.load_workbook(DATA / file, data_only=True)[sheet].iter_rows(values_only=True)
    header = [str(name) for name in next(rows)]
    return [dict(zip(header, row, strict=True)) for row in rows if any(cell is not None for cell in row)]


def _float(value):
    return np.nan if value is None else float(value)


def _confidence(text):
    return float(text.rstrip("%")) / 100


def test_byar_as_published():
    rows = [row for row in _rows("testdata_Byars_Wilson.xlsx", "testdata_B_W") if row["method"] == "Byars"]
    assert len(rows) == 7
    for row in rows:
        # PHE's rows are Byar's formula itself, two of them for a single event, where PHE's indicators take the exact limits.
        limits = byar_interval(row["x"], confidence=_confidence(row["confidence"]), exact_below=0)
        assert float(limits.lower) == pytest.approx(_float(row["lowercl"]), rel=1e-12, nan_ok=True)
        assert float(limits.upper) == pytest.approx(_float(row["uppercl"]), rel=1e-12)
        if row["x"] >= 10:
            default = byar_interval(row["x"], confidence=_confidence(row["confidence"]))
            assert (default.lower, default.upper) == (limits.lower, limits.upper)


def test_wilson_as_published():
    rows = [row for row in _rows("testdata_Byars_Wilson.xlsx", "testdata_B_W") if row["method"] == "Wilson"]
    assert len(rows) == 6
    for row in rows:
        limits = wilson_interval(row["x"], row["n"], confidence=_confidence(row["confidence"]))
        assert float(limits.lower) == pytest.approx(row["lowercl"], rel=1e-12)
        assert float(limits.upper) == pytest.approx(row["uppercl"], rel=1e-12)


def _scale(row):
    """What a published statistic multiplies the ratio by: its base, or the reference's crude rate on that base."""
    return row["ref_rate"] if row["ref_rate"] is not None else float(row["statistic"].rsplit("x ", 1)[1])


def test_isr_as_published():
    rows = _rows("testdata_DSR_ISR.xlsx", "testresults_ISR")
    assert len(rows) == 16
    observed, expected = [[float(row[name]) for row in rows] for name in ("observed", "expected")]
    scale = np.array([_scale(row) for row in rows])
    for confidence, lower, upper in ((0.95, "lower95_0cl", "upper95_0cl"), (0.998, "lower99_8cl", "upper99_8cl")):
        result = indirectly_standardised_ratio(observed, expected, confidence=confidence)
        published = [[_float(row[name]) for row in rows] for name in ("value", lower, upper)]
        given = ~np.isnan(published[1])
        assert given.sum() == (16 if confidence == 0.95 else 12)
        for ours, theirs in zip((result.ratio, result.lower, result.upper), published, strict=True):
            np.testing.assert_allclose((ours * scale)[given], np.array(theirs)[given], rtol=1e-12)


def test_expected_counts_as_published():
    strata = _rows("testdata_DSR_ISR.xlsx", "testdata_multiarea_isr")
    published = {row["area"]: row["expected"] for row in _rows("testdata_DSR_ISR.xlsx", "testresults_ISR")}
    for area in ("testdata_big", "testdata_small", "testdata_tiny"):
        rows = [row for row in strata if row["area"] == area]
        # One stratum of the tiny area is blank in the workbook, where PHE reads a blank as nothing.
        population, events, base = [[float(row[name] or 0) for row in rows] for name in ("pop", "refcount", "refpop")]
        assert len(rows) == 19
        assert expected_counts(population, events, base) == pytest.approx(published[area], rel=1e-12)
    first = [row for row in _rows("testdata_DSR_ISR.xlsx", "testdata_err2") if row["area"] == "Area1"]
    reference = _rows("testdata_DSR_ISR.xlsx", "refdata")
    events, base = [[row[name] for row in reference] for name in ("refcount", "refpop")]
    assert expected_counts([row["pop"] for row in first], events, base) == pytest.approx(published["Area1"], rel=1e-12)


def test_reference_rate_as_published():
    reference = _rows("testdata_DSR_ISR.xlsx", "refdata")
    rate = sum(row["refcount"] for row in reference) / sum(row["refpop"] for row in reference)
    for row in _rows("testdata_DSR_ISR.xlsx", "testresults_ISR"):
        if row["ref_rate"] is not None:
            assert row["ref_rate"] == pytest.approx(rate * float(row["statistic"].rsplit(" ", 1)[1]), rel=1e-12)


# European Standard Population 2013 in 19 bands, Eurostat (2013), "Revision of the European Standard Population".
ESP2013 = [5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000]


def _dsr(area, confidence):
    if area == "testdata_1976":
        rows = [row for row in _rows("testdata_DSR_ISR.xlsx", "testdata_1976") if row["count"] is not None]
        standard = [row["esp1976"] for row in rows]
    else:
        rows = [row for row in _rows("testdata_DSR_ISR.xlsx", "testdata_multiarea") if row["area"] == area]
        standard = ESP2013
    count, population = [[row[name] or 0 for row in rows] for name in ("count", "pop")]
    return directly_standardised_rate(count, population, standard, confidence=confidence)


def test_dsr_as_published():
    rows = [row for row in _rows("testdata_DSR_ISR.xlsx", "testresults_DSR") if row["method"] == "Dobson"]
    assert len(rows) == 8
    for row in rows:
        inner, outer = _dsr(row["area"], 0.95), _dsr(row["area"], 0.998)
        if row["value"] is None:
            assert np.isnan([inner.rate, inner.lower, outer.upper]).all()
            continue
        base = float(row["statistic"].rsplit(" ", 1)[1])
        ours = [inner.rate, inner.lower, inner.upper, outer.lower, outer.upper]
        theirs = [row[name] for name in ("value", "lower95_0cl", "upper95_0cl", "lower99_8cl", "upper99_8cl")]
        if row["area"] == "testdata_1976":  # its 99.8% limits are printed ten times too large
            theirs[3:] = [limit / 10 for limit in theirs[3:]]
        np.testing.assert_allclose(np.array(ours) * base, theirs, rtol=1e-12)
