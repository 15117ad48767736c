"""What turned since the publication before is said in words, of the same agreement alone, and is not lost when the same is made again."""

import pytest

from farr.lab.desk.showing.overview import overview_of
from farr.lab.desk.showing.turned import turned
from farr.lab.measures.norm import Norm
from farr.lab.model.discover import discover
from farr.lab.model.showing.page import Summary

CARD = {"theme": "Beds", "norm": "national", "norm_title": "Nation", "finding": "f", "tone": "neutral", "figure": "9", "unit": "days",
        "norm_figure": "8", "difference": "1", "run_finding": "", "spark": None}  # fmt: skip
OUTLIERS = ("High: worse than expected", "Low: better than expected", "High")


def summary(measure="stay", verdict="As expected", period="April 2024 to March 2025") -> Summary:
    certainty = (0, 1.0) if verdict in OUTLIERS else (1, 1.0)
    return Summary(measure=measure, title=measure.capitalize(), verdict=verdict, certainty=certainty, period=period, **CARD)


def overview(*summaries, changes=()):
    return overview_of(
        summaries, [], organisation="RA0", organisation_name="Place", level="provider", agreement="leeds",
        norm=discover("farr.lab.measures.norms", Norm)["national"], made_at="2025-05-01T09:00:00+00:00", is_synthetic=True, changes=changes,
    )  # fmt: skip


LATER = "May 2024 to April 2025"
IN_MAY = "in the publication of 1 May 2025 (April 2024 to March 2025) it was"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("As expected", OUTLIERS[0], f"Stay: now “high: worse than expected”; {IN_MAY} “as expected”"),
        (OUTLIERS[0], "As expected", f"Stay: now “as expected”; {IN_MAY} “high: worse than expected”"),
        (OUTLIERS[0], OUTLIERS[1], f"Stay: now “low: better than expected”; {IN_MAY} “high: worse than expected”"),
        (OUTLIERS[0], "Not shown", f"Stay: now “not shown”; {IN_MAY} “high: worse than expected”"),
        (OUTLIERS[0], OUTLIERS[0], None),
        ("As expected", "Not shown", None),
        (None, OUTLIERS[2], "Stay: now “high”; it was not in the publication of 1 May 2025"),
        (None, "As expected", None),
        (OUTLIERS[2], None, f"Stay: {IN_MAY} “high”; it is not among what is published now"),
        ("As expected", None, None),
    ],
)
def test_a_verdict_that_turned_is_said(was, now, said):
    before = overview(*([] if was is None else [summary(verdict=was)]))
    found = turned(before, [] if now is None else [summary(verdict=now, period=LATER)])
    assert found == (() if said is None else (said,))


def test_by_title_and_nothing_where_there_was_no_publication():
    before = overview(summary("b"), summary("a"))
    now = [summary(name, "High") for name in ("b", "a", "c")]
    assert [each[:2] for each in turned(before, now)] == ["A:", "B:", "C:"]
    assert turned(None, now) == ()


def test_what_was_said_of_a_period_stands_while_it_is_published_again():
    told = "Stay: now “high”; it was not in the publication of 1 April 2025"
    before = overview(summary(verdict="High"), summary("other"), changes=(told, "Other: something of before"))
    assert turned(before, [summary(verdict="High"), summary("other", period=LATER)]) == (told,)
    assert turned(before, [summary(verdict="High", period=LATER), summary("other", period=LATER)]) == ()
    (again,) = turned(before, [summary(verdict="As expected")])
    assert again.startswith("Stay: now “as expected”; in the publication of 1 May 2025")
