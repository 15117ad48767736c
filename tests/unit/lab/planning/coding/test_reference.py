"""What the nation comes to in each stratum, by hand."""

import pytest

from farr.lab.measures.released_rows import FiguresError
from farr.lab.planning.coding.indicator import indicator
from farr.lab.planning.coding.reference import dispersion_of, read_reference
from tests.unit.lab.planning.coding.released import table

UNCODED, LASTING = indicator("uncoded"), indicator("lasting_conditions")


def uncoded(*rows, whole):
    strata = [(0, {"admission_type": kind, "specialty": code}, figures) for kind, code, figures in rows]
    return table(("admission_type", "specialty"), [*strata, (1, {}, whole)], ("rows", "observed"))


def test_hidden_strata_take_what_is_left_of_the_nation():
    found = read_reference(
        UNCODED, uncoded(("EM", "300", (100, 10)), ("EL", "300", (50, None)), ("EL", "100", (50, None)), whole=(200, 30))
    )
    assert found.of(("EM", "300")) == 0.1
    assert found.of(("EL", "300")) == found.of(("NE", "501")) == 0.2  # (30 - 10) / (200 - 100)


def test_what_is_expected_of_the_nation_is_what_it_counted():
    found = read_reference(UNCODED, uncoded(("EM", "300", (100, 10)), ("EL", "300", (60, 6)), ("EL", "100", (40, None)), whole=(200, 30)))
    assert 100 * found.of(("EM", "300")) + 60 * found.of(("EL", "300")) + 40 * found.of(("EL", "100")) == pytest.approx(30)


def test_a_part_that_rounding_lifted_above_its_whole_is_all_of_it():
    assert read_reference(UNCODED, uncoded(("EM", "300", (10, 15)), whole=(200, 30))).of(("EM", "300")) == 1.0


def test_without_the_nation_nothing_can_be_expected():
    with pytest.raises(FiguresError, match="longer period"):
        read_reference(UNCODED, uncoded(("EM", "300", (100, 10)), whole=(200, None)))


def test_counts_scatter_as_binomial_ones_do():
    # of two strata of 100, shares 0.1 and 0.5: (9 + 25) / 60
    found = dispersion_of(UNCODED, uncoded(("EM", "300", (100, 10)), ("EL", "300", (100, 50)), whole=(200, 60)))
    assert found == pytest.approx(34 / 60)


def test_hidden_strata_scatter_about_their_common_mean():
    # of the 100 admissions that are left 20 are counted: 20 - 20²/100 = 16; with the 9 of the stratum shown, over 30
    found = dispersion_of(UNCODED, uncoded(("EM", "300", (100, 10)), ("EL", "300", (50, None)), whole=(200, 30)))
    assert found == pytest.approx(25 / 30)


def test_amounts_scatter_about_the_mean_of_their_stratum():
    # 10 rows of mean 0.6 and squares 4.6: 4.6 - 36/10 = 1 about the mean, of 6 observed
    rows = [(0, {"admission_type": "EM", "age_group": "85+"}, (10, 6, 4.6)), (1, {}, (10, 6, 4.6))]
    assert dispersion_of(LASTING, table(("admission_type", "age_group"), rows, ("rows", "observed", "squares"))) == pytest.approx(1 / 6)
