"""NHS England's Similar 10 input of April 2021: the definition against its own workbook, the method against a plain twin.

The published lists themselves were not found, so that the peers found here are not checked against them.
"""

import os
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from farr.lab.measures.peer_groups.rightcare_2021 import PEERDEFINITION
from farr.lab.measures.statistics import similar_organisations

FILE = "April2021_Similar10CCG_InputData_HD.xlsx"
DATA = Path(os.environ.get("FARR_SHARED_DATA", Path(__file__).parents[3].parent / "shared" / "data")) / "peers" / FILE
# The features of the definition, in its order, as the workbook names them.
WORKBOOK = ["IMDscore", "poptot", "pop_18_39", "pop_65_84", "pop_85plus", "pc_pop_rural_sparse", "pc_White_other", "pc_Mixed", "pc_Asian",
            "pc_Black", "pc_OtherEth"]  # fmt: skip
pytestmark = pytest.mark.skipif(not DATA.is_file(), reason="shared/data/peers is absent; set FARR_SHARED_DATA")


def _sheet(name):
    rows = [row for row in openpyxl.load_workbook(DATA, data_only=True)[name].iter_rows(values_only=True) if row[0]]
    return rows[0], rows[1:]


@pytest.fixture(scope="module")
def organisations():
    header, rows = _sheet("Variable Data")
    columns = [header.index(feature) for feature in WORKBOOK]
    return [row[1] for row in rows], np.array([[row[column] for column in columns] for row in rows], dtype=float)


@pytest.fixture(scope="module")
def peers(organisations):
    weights = [weight for _, weight in PEERDEFINITION.weights]
    return similar_organisations(organisations[1], weights=weights, count=PEERDEFINITION.count)


def test_the_weights_are_the_workbooks():
    _, rows = _sheet("Variable Descriptions")
    weights = [weight for _, weight in PEERDEFINITION.weights]
    assert [(row[0], row[1]) for row in rows] == list(zip(WORKBOOK, weights, strict=True))
    assert FILE in PEERDEFINITION.source


def test_every_organisation_has_ten_others_nearest_first(peers):
    assert peers.indices.shape == peers.distances.shape == (106, 10)
    assert not (peers.indices == np.arange(106)[:, None]).any()
    assert all(len(set(row)) == 10 for row in peers.indices)
    assert (np.diff(peers.distances, axis=1) >= 0).all()
    assert (peers.distances > 0).all()


def test_distance_is_the_same_both_ways(peers):
    found = {(i, int(j)): d for i, row in enumerate(peers.indices) for j, d in zip(row, peers.distances[i], strict=True)}
    mutual = [(i, j) for i, j in found if (j, i) in found]
    assert len(mutual) > 300
    assert all(found[i, j] == pytest.approx(found[j, i], rel=1e-12) for i, j in mutual)


def test_as_the_method_step_by_step(organisations, peers):
    names, table = organisations
    standardised = []
    for column in table.T:
        cap = column.mean() + 5 * (((column - column.mean()) ** 2).sum() / len(column)) ** 0.5
        roots = np.sqrt(np.minimum(column, cap))
        standardised.append((roots - roots.mean()) / (((roots - roots.mean()) ** 2).sum() / len(roots)) ** 0.5)
    for i in range(0, len(names), 9):
        distance = sum(weight * (z - z[i]) ** 2 for (_, weight), z in zip(PEERDEFINITION.weights, standardised, strict=True))
        others = sorted((float(value), j) for j, value in enumerate(distance) if j != i)[:10]
        assert [j for _, j in others] == list(peers.indices[i])
        np.testing.assert_allclose([value for value, _ in others], peers.distances[i], rtol=1e-9)


def test_some_values_are_capped(organisations):
    _, table = organisations
    capped = table > table.mean(axis=0) + 5 * table.std(axis=0)
    assert capped.any()
    assert capped.mean() < 0.01


def test_the_neighbours_make_sense(organisations, peers):
    names, table = organisations
    deprivation = table[:, WORKBOOK.index("IMDscore")]
    # Peers resemble their organisation in what weighs most, far beyond chance.
    assert np.corrcoef(deprivation, deprivation[peers.indices].mean(axis=1))[0, 1] > 0.8
    blackpool = names.index("NHS Blackpool CCG")
    assert deprivation[peers.indices[blackpool]].mean() > deprivation.mean()
