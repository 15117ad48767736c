import numpy as np
import pytest

from farr.lab.measures.statistics import similar_organisations


def _naive(features, weights, count):
    table = np.array(features, dtype=float)
    for j in range(table.shape[1]):
        column = table[:, j]
        mean = sum(column) / len(column)
        deviation = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5
        roots = [min(x, mean + 5 * deviation) ** 0.5 for x in column]
        mean = sum(roots) / len(roots)
        deviation = (sum((x - mean) ** 2 for x in roots) / len(roots)) ** 0.5
        table[:, j] = [(x - mean) / deviation for x in roots]
    peers = []
    for i, one in enumerate(table):
        others = [(sum(w * (a - b) ** 2 for w, a, b in zip(weights, one, two, strict=True)), j) for j, two in enumerate(table) if j != i]
        peers.append(sorted(others)[:count])
    return np.array(peers)


def test_as_a_naive_twin():
    rng = np.random.default_rng(1)
    features, weights = rng.gamma(1, 10, (40, 4)), [0.4, 0.3, 0.2, 0.1]
    features[5, 2] = 1e5  # beyond five standard deviations
    result = similar_organisations(features, weights=weights, count=6)
    expected = _naive(features, weights, 6)
    np.testing.assert_array_equal(result.indices, expected[:, :, 1].astype(int))
    np.testing.assert_allclose(result.distances, expected[:, :, 0], rtol=1e-10)


def test_twins_are_each_others_nearest_and_not_their_own():
    features = [[1, 5], [9, 1], [1, 5], [4, 4]]
    result = similar_organisations(features, weights=[1, 1], count=1)
    assert (result.indices[0, 0], result.indices[2, 0]) == (2, 0)
    assert result.distances[0, 0] == 0


def test_what_lies_beyond_the_cap_does_not_matter():
    features = np.random.default_rng(2).uniform(1, 2, (80, 1))
    features[0] = 1e6
    further = features.copy()
    further[0] = 1e12
    near, far = (similar_organisations(table, weights=[1], count=3) for table in (features, further))
    np.testing.assert_array_equal(near.indices[0], far.indices[0])


def test_a_feature_that_does_not_vary_tells_none_apart():
    features = np.random.default_rng(3).uniform(1, 2, (12, 2))
    features[:, 1] = 0.1
    one = similar_organisations(features[:, :1], weights=[1], count=3)
    two = similar_organisations(features, weights=[1, 5], count=3)
    np.testing.assert_array_equal(one.indices, two.indices)
    np.testing.assert_array_equal(one.distances, two.distances)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="missing"):
        similar_organisations([[1, np.nan], [1, 2]], weights=[1, 1], count=1)
    with pytest.raises(ValueError, match="from 1 to 1"):
        similar_organisations([[1], [2]], weights=[1], count=2)
    with pytest.raises(ValueError, match="shape"):
        similar_organisations([[1], [2]], weights=[1, 1], count=1)
    with pytest.raises(ValueError, match="negative"):
        similar_organisations([[-1], [2]], weights=[1], count=1)
