"""Estimators that the desk installs in a session: they judge true values inside, and only their verdict leaves."""

from farr.lab.measures.statistics import funnel_verdict
from farr.lab.model.question import Estimator

VERDICTS = ("high", "low", "as expected", "not assessed")

ESTIMATORS: dict[str, Estimator] = {
    "funnel_verdict": Estimator(name="funnel_verdict", function=funnel_verdict, verdicts=VERDICTS),
}
