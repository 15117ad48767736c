"""What may be asked of a store and a level: refused with what can be typed instead."""

from collections.abc import Sequence

from farr.lab.measures.norm import Norm
from farr.lab.measures.questions import NATIONAL, is_monthly
from farr.lab.model.dimension import DIMENSIONS, Cadence
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.request import BenchmarkRequest


class DeskError(FarrError):
    """What was asked for is not there; the message lists what is."""


def check_period(level: str, period: Period, held: Sequence[Month]) -> None:
    small = level != NATIONAL and DIMENSIONS[level].cadence is Cadence.ROLLING_YEAR
    if small and len(list(period.months())) != 12:
        raise DeskError(
            f"figures of {DIMENSIONS[level].plural} are made for rolling years only, because months would hold too few people; "
            f"type --period {Period.rolling_year(period.last)}"
        )
    if period.first < held[0] or period.last > held[-1]:
        raise DeskError(f"the store holds {held[0]}..{held[-1]}, and the period {period} reaches beyond it; choose one within")


def check_options(norm: Norm, request: BenchmarkRequest) -> None:
    given = {"peers": bool(request.peers), "count": request.count is not None}
    unused = [name for name, is_given in given.items() if is_given and name not in norm.options]
    if unused:
        raise DeskError(f"the norm '{norm.name}' takes no --{unused[0]}; leave it out, or choose another norm")


def check_by(by: str | None, level: str) -> None:
    if by is not None and not is_monthly(level):
        raise DeskError(
            f"figures are broken down from commissioners and providers upwards: parts of {DIMENSIONS[level].plural} would be too few "
            "people; leave out --by"
        )
