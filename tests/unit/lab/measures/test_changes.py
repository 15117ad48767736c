import pytest

from farr.lab.measures.comparison.changes import ChangeKind, changes


def edition(verdict="as expected", quartile=2, value=10.0):
    return {"is_selected": [False, True], "verdict": ["high", verdict], "quartile": [1, quartile], "value": [1.0, value],
            "norm_value": [9.0, 9.0]}  # fmt: skip


def months(*rows):
    names = ("month", "numerator", "denominator", "value", "point", "rule")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


CALM = months(("2024-01", 10.0, 100.0, 10.0, "common cause", ""), ("2024-02", 15.0, 100.0, 15.0, "common cause", ""))


def kinds_of(found):
    return [change.kind for change in found]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("as expected", "high", [ChangeKind.NEW_OUTLIER]),
        (None, "low", [ChangeKind.NEW_OUTLIER]),
        ("low", "high", [ChangeKind.NEW_OUTLIER]),
        ("high", "as expected", [ChangeKind.NO_LONGER_OUTLIER]),
        ("high", "high", []),
        ("high", None, []),  # hidden now: nothing is known
    ],
)
def test_outliers_come_and_go(kinds, before, now, expected):
    found = changes(kinds["proportion"], edition(verdict=now), edition(verdict=before))
    assert kinds_of(found) == expected
    assert [change.now["verdict"] for change in found] == [now] * len(expected)


def test_another_quartile_is_told_with_both_figures(kinds):
    (change,) = changes(kinds["proportion"], edition(quartile=4, value=20.0), edition(quartile=3))
    assert change.kind is ChangeKind.QUARTILE_MOVED
    assert (change.measure, change.month) == ("trial", None)
    assert (change.before["quartile"], change.now["quartile"]) == (3, 4)
    assert (change.before["value"], change.now["value"]) == (10.0, 20.0)
    assert changes(kinds["proportion"], edition(quartile=None), edition()) == []


def test_a_month_sent_again_and_one_that_newly_stands_out(kinds):
    now = months(
        ("2024-01", 12.0, 100.0, 12.0, "common cause", ""),
        ("2024-02", 15.0, 100.0, 15.0, "special cause concern", "outside limits"),
        ("2024-03", 30.0, 100.0, 30.0, "special cause concern", "outside limits"),
    )
    found = changes(kinds["proportion"], edition(), edition(), now, CALM)
    assert [(change.kind, change.month) for change in found] == [
        (ChangeKind.SPECIAL_CAUSE, "2024-02"),
        (ChangeKind.SPECIAL_CAUSE, "2024-03"),
        (ChangeKind.MONTH_CHANGED, "2024-01"),
    ]
    assert (found[2].before["numerator"], found[2].now["numerator"]) == (10.0, 12.0)
    assert found[1].before["point"] is None


def test_nothing_changed_is_nothing_told(kinds):
    assert changes(kinds["proportion"], edition(), edition(), CALM, CALM) == []


def test_completeness_that_changed_is_told(kinds):
    before = {"month": ["2024-01", "2024-02"], "status": ["may be incomplete", "complete"], "completeness": [0.5, 1.0]}
    now = {"month": ["2024-01", "2024-02"], "status": ["complete", "complete"], "completeness": [0.97, 0.99]}
    (change,) = changes(kinds["proportion"], edition(), edition(), None, None, now, before)
    assert (change.kind, change.month) == (ChangeKind.COMPLETENESS_CHANGED, "2024-01")
    assert (change.before["completeness"], change.now["completeness"]) == (0.5, 0.97)


def test_an_organisation_without_a_row_has_no_changes_of_position(kinds):
    gone = {name: column[:1] for name, column in edition().items()}
    assert changes(kinds["proportion"], edition(verdict="high"), gone) != []
    assert changes(kinds["proportion"], gone, edition(verdict="high")) == []
