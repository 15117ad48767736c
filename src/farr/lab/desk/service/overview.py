"""An overview that is asked for: of an organisation too small for pages ahead, made of what was published of its level alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from farr.lab.desk.answering.askable import DeskError
from farr.lab.desk.answering.assemble import NotHeld
from farr.lab.desk.benchmark import Benchmark, LeftOut
from farr.lab.desk.desk import Desk
from farr.lab.desk.figures import releases
from farr.lab.desk.publication.catalogue import Entry, ViewKind, read_catalogue
from farr.lab.desk.publication.views import trusted
from farr.lab.desk.showing.contents import listed
from farr.lab.desk.showing.overview import overview_of
from farr.lab.desk.showing.parts import summary
from farr.lab.model.request import BenchmarkRequest, OverviewRequest
from farr.lab.model.showing.page import Overview


@dataclass(frozen=True, kw_only=True)
class Found:
    """The overview, and the ids of the releases that it rests on."""

    overview: Overview
    releases: tuple[str, ...]


def answered(desk: Desk, request: OverviewRequest) -> Found:
    """Every measure of which a year was published at the level, each over that year. Nothing is released for it. Raises FarrError, where
    nothing can be shown: with the reason of most measures."""
    norm = desk.norm(request.norm)
    if not norm.is_made_at(request.level):
        raise DeskError(f"the norm '{norm.name}' is not made at level {request.level}, only at: {', '.join(norm.levels)}")
    years = _years(desk, request.level)
    requests = [
        BenchmarkRequest(
            organisation=request.organisation, measure=each.measure, norm=norm.name, period=each.period, level=request.level
        )
        for each in years
        if each.releases
    ]  # fmt: skip
    with desk.releases.nothing_new():
        found = desk.answer_many(requests)
    made = [each for each in found if isinstance(each, Benchmark)]
    left_out = [LeftOut(measure=desk.measures[each.measure], reason=each.reason or "") for each in years if not each.releases]
    left_out += [
        LeftOut(measure=desk.measures[asked.measure], reason=str(answer))
        for asked, answer in zip(requests, found, strict=True)
        if not isinstance(answer, Benchmark)
    ]
    if not made:
        raise NotHeld(_most_common(left_out, request))
    overview = overview_of(
        [summary(each) for each in made], left_out, organisation=request.organisation,
        organisation_name=listed(desk, request.level, request.organisation).name, level=request.level, norm=norm,
        agreement=desk.agreement, made_at=datetime.now(UTC).isoformat(timespec="seconds"), is_synthetic=made[0].is_synthetic,
    )  # fmt: skip
    resting = (name for each in made for released in releases(each) for name in released.manifest.derived_from)
    return Found(overview=overview, releases=tuple(dict.fromkeys(resting)))


def _years(desk: Desk, level: str) -> list[Entry]:
    """What the catalogue says of the level's years, measure by measure."""
    catalogue = read_catalogue(desk.home.published, trusted(desk))
    if catalogue is None or catalogue.agreement != desk.agreement:
        raise NotHeld(f"nothing is published under the agreement '{desk.agreement}'; type: farr publish")
    return [each for each in catalogue.entries if each.kind is ViewKind.YEAR and each.level == level and each.measure in desk.measures]


def _most_common(left_out: list[LeftOut], request: OverviewRequest) -> str:
    if not left_out:
        return f"nothing is published at level {request.level}; type: farr publish"
    ((reason, _),) = Counter(each.reason for each in left_out).most_common(1)
    return f"nothing can be shown of '{request.organisation}': {reason}"
