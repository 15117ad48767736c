import pytest

from farr.lab.model.period import FinancialYear, Month, Period, PeriodError


def test_months_count_across_the_year():
    assert Month(2024, 12).plus(1) == Month(2025, 1)
    assert Month(2024, 1).plus(-1) == Month(2023, 12)
    assert str(Month(2024, 5).plus(-16)) == "2023-01"


def test_a_rolling_year_is_twelve_months():
    year = Period.rolling_year(Month.parse("2025-03"))
    assert str(year) == "2024-04..2025-03"
    assert len(list(year.months())) == 12


def test_period_reads_what_it_writes():
    for text in ("2024-05", "2023-06..2024-05"):
        assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["2024-13", "2024/05", "May 2024", "", "2024-05..2024-04"])
def test_what_is_no_period_is_refused_with_how_to_write_it(text):
    with pytest.raises(PeriodError, match="2024-0"):
        Period.parse(text)


def test_a_period_knows_its_months():
    period = Period.parse("2024-01..2024-03")
    assert Month(2024, 2) in period
    assert Month(2024, 4) not in period


def test_a_financial_year_runs_from_april_to_march():
    assert [str(FinancialYear.of(Month(*month))) for month in ((2020, 3), (2020, 4), (1999, 12))] == ["2019-20", "2020-21", "1999-00"]
    year = FinancialYear.parse("2019-20")
    assert (str(year.period), str(year.plus(1)), FinancialYear.parse("1999-00").begins) == ("2019-04..2020-03", "2020-21", 1999)
    for text in ("2019-21", "2019", "2019/20"):
        with pytest.raises(PeriodError, match="write it as 2019-20"):
            FinancialYear.parse(text)
