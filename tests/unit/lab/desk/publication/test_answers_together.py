"""Many requests at once: each has its own answer, and one that is refused spoils no other."""

import pytest

from farr.lab.desk.answering.plan import Plan
from farr.lab.desk.answering.releases import Releases
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.home import code_version
from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.disclosure.gate import released_before
from farr.lab.disclosure.review.held import Review
from farr.lab.engine.session import Session
from farr.lab.measures.estimators import ESTIMATORS
from farr.lab.model.agreement import AgreementError
from farr.lab.model.durable.chain import Chain
from farr.lab.model.errors import FarrError
from farr.lab.model.question import Question
from farr.lab.model.request import BenchmarkRequest

WELL = BenchmarkRequest(organisation="RA1", measure="day_case_rate")
STAY = BenchmarkRequest(organisation="00C", measure="length_of_stay")
REFUSED = {
    "no measure": BenchmarkRequest(organisation="RA1", measure="no_such"),
    "no norm": BenchmarkRequest(organisation="RA1", measure="day_case_rate", norm="no_such"),
    "no organisation": BenchmarkRequest(organisation="XXX", measure="day_case_rate"),
    "no row": BenchmarkRequest(organisation="RXX", measure="day_case_rate", level="provider"),
    "no such level": BenchmarkRequest(organisation="RA1", measure="emergency_admissions", level="provider"),
    "beyond the store": BenchmarkRequest(organisation="RA1", measure="day_case_rate", period="2010-01..2010-12"),
    "no records": BenchmarkRequest(organisation="RA1", measure="ae_attendances", level="commissioner"),
    "no breakdown": BenchmarkRequest(organisation="RA1", measure="day_case_rate", by="service_line"),
    "no choice": BenchmarkRequest(organisation="RA1", measure="day_case_rate", choices={"diagnosis": "K80"}),
}


def rows(answer) -> list[dict]:
    assert isinstance(answer, Benchmark)
    return answer.rows.table.to_pylist()


def test_one_refused_request_spoils_no_other(tiny):
    alone = [rows(tiny.desk().answer(request)) for request in (WELL, STAY)]
    found = tiny.desk().answer_many([WELL, *REFUSED.values(), STAY])
    assert [rows(found[0]), rows(found[-1])] == alone
    reasons = dict(zip(REFUSED, found[1:-1], strict=True))
    assert all(isinstance(each, FarrError) and str(each) for each in reasons.values())
    assert "there is no measure 'no_such'" in str(reasons["no measure"]) and "say which it is with --level" in str(
        reasons["no organisation"]
    )


def test_what_was_released_before_is_given_again_by_another_desk(tiny):
    first, again = (tiny.desk().answer(WELL) for _ in range(2))
    assert again.rows.manifest.derived_from == first.rows.manifest.derived_from
    links = list(Chain(tiny.home.ledger("tiny").path).links())
    assert len({link.content["manifest"]["release_id"] for link in links}) == len(links)


def question(desk) -> Question:
    measure = desk.measure("day_case_rate")
    year = desk.latest_year(measure)
    return Plan(measure=measure, level="provider", period=year, months=year).year()[0]


def under(tiny, **changes) -> Releases:
    """Releases of a session under changed terms, on the same store and ledger."""
    terms = tiny.home.agreement("tiny").terms.model_copy(update=changes)
    review = Review(registry=RegisteredMeasures())
    return Releases(Session(tiny.store, terms, ESTIMATORS, code_version()), tiny.home.ledger("tiny"), terms, code_version(), review)


@pytest.mark.parametrize("changes", [{"period_last": "2024-12"}, {"datasets": ("registered_population",)}])
def test_a_release_is_not_given_again_once_the_terms_cover_it_no_more(tiny, changes):
    asked = question(tiny.desk())
    released = under(tiny).of(asked)
    assert under(tiny).of(asked).manifest.release_id == released.manifest.release_id
    with pytest.raises(AgreementError):
        under(tiny, **changes).of(asked)


def test_a_release_of_a_laxer_policy_is_not_given_again_under_a_stricter(tiny):
    asked = question(tiny.desk())
    released = under(tiny).of(asked)
    stricter = under(tiny, policy="opensafely").of(asked)
    assert stricter.manifest.policy != released.manifest.policy and stricter.manifest.release_id != released.manifest.release_id


def test_a_release_is_not_given_again_to_another_agreement_or_by_other_code(tiny):
    desk = tiny.desk()
    asked = question(desk)
    basis = desk.released(asked).manifest.store_versions
    ledger = tiny.home.ledger("tiny")
    assert released_before(asked, "tiny", "hes_2018", basis, desk.code_version, ledger) is not None
    for agreement, versions, code in (("other", basis, desk.code_version), ("tiny", basis, "0"), ("tiny", {}, desk.code_version)):
        assert released_before(asked, agreement, "hes_2018", versions, code, ledger) is None
    assert released_before(asked, "tiny", "no_such", basis, desk.code_version, ledger) is None
