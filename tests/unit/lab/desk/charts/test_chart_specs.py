import json
import re

import altair
import pytest

from farr.lab.desk.charts import funnel, position, ranked, run
from farr.lab.desk.charts.render import notebook, render, specs
from farr.lab.desk.charts.theme import darkened


@pytest.fixture
def drawn(benchmark_of_outlier):
    return specs(benchmark_of_outlier)


def test_every_chart_is_valid_vega_lite(drawn):
    assert list(drawn) == ["funnel", "ranked", "run", "position"]
    assert all(isinstance(notebook(spec), altair.LayerChart) for spec in drawn.values())


def test_every_chart_says_what_it_shows(drawn):
    for spec in drawn.values():
        assert spec["description"]
        assert spec["title"]["text"]
        assert "Made-up share" in " ".join(spec["title"]["subtitle"])


def test_hidden_organisations_are_counted_and_not_drawn(drawn):
    for name, data in (("funnel", "points"), ("ranked", "bars"), ("position", "dots")):
        names = [point["name"] for point in drawn[name]["datasets"][data]]
        assert len(names) == 9
        assert "Place 3" not in names
        assert "1 not shown (small numbers)" in " ".join(drawn[name]["title"]["subtitle"])
        assert "Place 3" not in json.dumps(drawn[name])


def test_a_hidden_month_is_a_gap(drawn):
    months = drawn["run"]["datasets"]["months"]
    assert [month["value"] for month in months if month["month"] == "2024-05-01"] == [None]
    assert [month["kind"] for month in months if month["month"] == "2024-08-01"] == ["change for the worse"]


def test_a_hidden_selection_is_drawn_nowhere(make):
    drawn = specs(make(selected=3))
    assert all(not point["selected"] for point in drawn["funnel"]["datasets"]["points"])
    assert "not shown" in " ".join(drawn["funnel"]["title"]["text"])
    assert "not shown" in " ".join(drawn["position"]["title"]["text"])


def test_no_run_chart_where_no_months_are_published(make):
    assert run.spec(make(with_months=False)) is None
    assert "run" not in specs(make(with_months=False))


def test_ranked_bars_run_from_highest_to_lowest_and_name_the_finding(benchmark_of_outlier):
    spec = ranked.spec(benchmark_of_outlier)
    order = spec["layer"][0]["encoding"]["y"]["sort"]
    assert order[0] == "Place 9"
    assert order[-1] == "Place 0"
    assert "wholly above the norm" in " ".join(spec["title"]["text"])


def test_the_funnel_names_its_outliers_and_has_both_pairs_of_limits(benchmark_of_outlier):
    spec = funnel.spec(benchmark_of_outlier)
    assert [label["name"] for label in spec["datasets"]["labels"]] == ["Place 9"]
    assert {limit["line"] for limit in spec["datasets"]["limits"]} == {"lower 95%", "upper 95%", "lower 99.8%", "upper 99.8%"}


def test_quartile_bands_meet_and_hold_every_dot(benchmark_of_outlier):
    spec = position.spec(benchmark_of_outlier)
    bands = spec["datasets"]["bands"]
    assert [band["end"] for band in bands[:-1]] == [band["start"] for band in bands[1:]]
    values = [dot["value"] for dot in spec["datasets"]["dots"]]
    assert (bands[0]["start"], bands[-1]["end"]) == (min(values), max(values))


def test_every_colour_has_a_dark_twin(drawn):
    used = set(re.findall(r"#[0-9a-f]{6}", json.dumps(list(drawn.values()))))
    assert used <= set(darkened())
    assert len(set(darkened().values())) == len(darkened())


def test_charts_become_svg_and_png(benchmark_of_outlier, tmp_path):
    spec = position.spec(benchmark_of_outlier)
    assert render(spec, tmp_path / "a.svg").read_text().startswith("<svg")
    assert render(spec, tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match=r"\.svg or \.png"):
        render(spec, tmp_path / "a.gif")


def test_many_organisations_stand_upright_and_still_draw(benchmark_of_outlier, monkeypatch, tmp_path):
    monkeypatch.setattr(ranked, "_NAMED", 5)
    spec = ranked.spec(benchmark_of_outlier)
    assert spec["layer"][0]["encoding"]["x"]["field"] == "place"
    assert "Place 9" in render(spec, tmp_path / "upright.svg").read_text()
