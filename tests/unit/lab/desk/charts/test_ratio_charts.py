"""Charts of places beside what was expected: valid, in order, and saying what they show."""

import altair

from farr.lab.desk.charts import ratios
from farr.lab.desk.charts.render import notebook


def point(label, value, **more):
    return ratios.Point(
        **{"is_selected": False, "is_small": False, **more},
        label=label,
        value=value,
        lower=value - 0.1,
        upper=value + 0.1,
        says=f"{label} {value}",
    )


POINTS = [point("A", 0.7), point("B", 1.0, is_selected=True), point("B", 1.0, is_small=True), point("C", 1.4)]


def test_intervals_are_drawn_in_order_with_names_told_apart():
    spec = ratios.spec(POINTS, title="B is as expected", subtitle="Strokes", axis="Ratio", line=1.0, line_name="what is expected")
    assert isinstance(notebook(spec), altair.LayerChart)
    assert [each["name"] for each in spec["datasets"]["points"]] == ["A", "B (2)", "B (3)", "C"]
    assert spec["datasets"]["points"][1]["selected"] and spec["datasets"]["points"][2]["small"]
    assert "Lowest: A 0.7. Highest: C 1.4." in spec["description"] and spec["datasets"]["line"][0]["at"] == 1.0


def test_dots_alike_are_stacked():
    spec = ratios.dots(POINTS, title="They differ", subtitle="Strokes", axis="Rate")
    assert isinstance(notebook(spec), altair.LayerChart)
    assert [(each["at"], each["level"]) for each in spec["datasets"]["points"]] == [(0.7, 1), (0.9975, 1), (0.9975, 2), (1.4, 1)]


def test_places_all_alike_are_one_stack():
    spec = ratios.dots([point("A", 1.0), point("B", 1.0)], title="Alike", subtitle="Strokes", axis="Rate")
    assert [each["level"] for each in spec["datasets"]["points"]] == [1, 2]
