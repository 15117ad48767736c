"""What printed figures of all codes tell of several months that no release was of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from farr.lab.disclosure.history.parts import Part, put_together
from farr.lab.disclosure.history.together import small_together, solutions

JAN, FEB, MAR = (frozenset({month}) for month in ("2024-01", "2024-02", "2024-03"))


def part(codes, first=0, pieces=(JAN, FEB, MAR), printed=()):
    place = {(code,): at for at, code in enumerate(codes)}
    return Part(
        dimensions=("provider",), pieces=pieces, differences=(), printed=frozenset(printed), place=place, above={"provider": list(codes)},
        first=first,
    )  # fmt: skip


# A region of two providers over three months: figures 0 to 2 are the region's, 3 to 5 and 6 to 8 its providers'.
REGION, PROVIDERS = part(["R"]), part(["P", "Q"], first=3)
ADD_UP = [[-(at == month) for at in range(3)] + [at % 3 == month for at in range(6)] for month in range(3)]


def told(of_which, *printed):
    """What is told of a part where these figures were printed together, each with what they came to."""
    lines = [[float(figure in figures) for figure in range(9)] for figures, _ in printed]
    found = solutions(csr_matrix(np.array([*ADD_UP, *lines], dtype=float)), np.array([0.0] * 3 + [float(count) for _, count in printed]))
    return set(small_together(of_which, found, 0, 7))


def test_what_providers_are_printed_of_tells_of_two_months_of_their_region():
    # The region's year of 43, and March of both providers: 3 in January and February together, and nothing of either.
    assert told(REGION, ({0, 1, 2}, 43), ({5}, 15), ({8}, 25)) == {(("R",), JAN | FEB)}


@pytest.mark.parametrize(("march", "is_told"), [(35, False), (36, True), (42, True), (43, False)])
def test_it_matters_where_it_is_small_and_not_nothing(march, is_told):
    assert bool(told(REGION, ({0, 1, 2}, 43), ({5}, march - 10), ({8}, 10))) is is_told


def test_what_one_provider_is_printed_of_tells_nothing_of_its_region():
    assert told(REGION, ({0, 1, 2}, 43), ({5}, 40)) == set()


def test_a_region_tells_of_its_providers():
    # Two months of the region, all of which but those of the other provider are the one's.
    assert told(PROVIDERS, ({0, 1}, 30), ({6, 7}, 26)) == {(("P",), JAN | FEB)}


def test_months_that_were_printed_are_not_put_together():
    assert REGION.open_together == [frozenset({0, 1}), frozenset({0, 1, 2}), frozenset({0, 2}), frozenset({1, 2})]
    assert part(["R"], printed=[JAN]).open_together == [frozenset({1, 2})]
    assert part(["R"], printed=[JAN, FEB]).open_together == []


def test_of_many_pieces_pairs_are_tried_and_what_lies_in_one_span():
    pieces = tuple(frozenset({f"2024-{month:02}"}) for month in range(1, 13))
    found = put_together(range(12), pieces, [frozenset().union(*pieces[:5])])
    assert len(found) == 66 + 1 and frozenset(range(5)) in found


@given(st.data())
def test_it_is_told_where_and_only_where_every_solution_counts_the_same(data):
    """Against the rank of the equations, of random ones."""
    rows = data.draw(st.lists(st.lists(st.sampled_from([0, 0, 1]), min_size=6, max_size=6), min_size=1, max_size=5))
    counts = np.array(data.draw(st.lists(st.integers(0, 9), min_size=6, max_size=6)), dtype=float)
    matrix = np.array(rows, dtype=float)
    of = part(["P", "Q"])
    found = set(small_together(of, solutions(csr_matrix(matrix), matrix @ counts), 0, 7))
    for at, (code,) in enumerate(of.place):
        for chosen in of.open_together:
            sought = np.isin(np.arange(6), [3 * at + piece for piece in chosen]).astype(float)
            is_told = np.linalg.matrix_rank(np.vstack([matrix, sought])) == np.linalg.matrix_rank(matrix)
            months = frozenset().union(*(of.pieces[piece] for piece in chosen))
            assert (((code,), months) in found) == (is_told and 1 <= counts @ sought <= 7)
