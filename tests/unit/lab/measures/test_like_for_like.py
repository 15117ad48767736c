from farr.lab.measures.comparison.like_for_like import months_to_compare
from farr.lab.model.period import Period


def columns(*rows):
    names = ("month", "spells", "completeness", "status")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


NATION = columns(*((f"2024-{month:02d}", 1000.0, 1.0, "complete") for month in range(1, 7)))


def kept_and_left_out(own, nation=NATION, **more):
    kept, left_out = months_to_compare(Period.parse("2024-01..2024-06"), own, nation, **more)
    return [str(month) for month in kept], {str(each.month): each.reason for each in left_out}


def test_months_that_somebody_holds_in_part_are_left_out_with_the_reason():
    own = columns(
        ("2024-01", 100.0, None, "not assessed"),
        ("2024-02", 100.0, 0.95, "complete"),
        ("2024-03", 60.0, 0.6, "may be incomplete"),
        ("2024-04", None, None, "suppressed"),
        ("2024-05", None, None, "not assessed"),
    )
    kept, left_out = kept_and_left_out(own)
    assert kept == ["2024-01", "2024-02"]
    assert left_out == {
        "2024-03": "60% of the usual records of the organisation are held",
        "2024-04": "so few records of the organisation that their number is hidden",
        "2024-05": "no records of the organisation are held",
        "2024-06": "no records of the organisation are held",
    }


def test_a_thin_month_of_the_nation_counts_for_everybody():
    months = [(f"2024-{month:02d}", 900.0, 1.0, "complete") for month in range(1, 6)]
    kept, left_out = kept_and_left_out(NATION, columns(*months, ("2024-06", 765.0, 0.85, "may be incomplete")))
    assert kept == ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05"]
    assert left_out == {"2024-06": "85% of the usual records nationally are held"}


def test_a_month_that_chance_explains_is_kept():
    months = [(f"2024-{month:02d}", 20.0, 1.0, "complete") for month in range(1, 6)]
    assert kept_and_left_out(columns(*months, ("2024-06", 16.0, 0.8, "complete")))[1] == {}
