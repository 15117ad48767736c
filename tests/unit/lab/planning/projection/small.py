"""A small place to project: three kinds of care, so that every figure can be worked out by hand."""

import numpy as np

from farr.lab.planning.projection.cells import BANDS, Baseline, Cells
from farr.lab.planning.projection.population import PRINCIPAL, Population


def cells(*rows):
    """Each row is point of delivery, specialty, age band and sex."""
    pod, specialty, band, sex = (np.array(column) for column in zip(*rows, strict=True))
    return Cells(point_of_delivery=pod, specialty=specialty, age_band=band, sex=sex)


def baseline(*rows, shares=None, rates=None):
    """Each row is point of delivery, specialty, age band, sex, activity, bed days and price."""
    return Baseline(
        cells=cells(*(row[:4] for row in rows)),
        activity=np.array([row[4] for row in rows], dtype=np.float64),
        bed_days=np.array([row[5] for row in rows], dtype=np.float64),
        price=np.array([row[6] for row in rows], dtype=np.float64),
        shares=shares or {},
        rates=rates or {},
    )


SMALL = baseline(
    ("EL", "110", "50-54", "1", 100, 300, 2000.0),
    ("NEL", "300", "80-84", "2", 200, 1600, 3000.0),
    ("OPFUP", "300", "80-84", "2", 1000, 0, 100.0),
    ("NELNE", "501", "25-29", "2", 50, 100, 1500.0),
    shares={"ambulatory_sensitive": {"NEL": 0.25}},
)


def grown(years, growth, **more):
    """Ten people in every band, but where `growth` says by which factor they grow in each year; by variant where `more` says more."""
    return Population(
        base_year=2024,
        people={PRINCIPAL: _people(years, growth), **{name: _people(years, each) for name, each in more.items()}},
        source="Made up.",
    )


def _people(years, growth):
    people = np.full((years + 1, len(BANDS), 2), 10.0)
    for (band, sex), factor in growth.items():
        people[:, BANDS.index(band), int(sex) - 1] *= factor ** np.arange(years + 1)
    return people
