"""What may be asked about an organisation: the options that farr benchmark, report, changes and ask share."""

from typing import Annotated

import typer
from pydantic import ValidationError

from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest

OrganisationOption = Annotated[str, typer.Option("--organisation", help="Code of the organisation, or 'national'.")]
NormOption = Annotated[
    str,
    typer.Option(
        "--norm",
        help="national, region, similar_ten, best_five_of_ten, quartiles, deciles, own_past, same_deprivation, peer_list or own_list.",
    ),
]
PeriodOption = Annotated[
    str | None, typer.Option("--period", help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)
]
LevelOption = Annotated[
    str | None, typer.Option("--level", help="Needed only where the organisation reference does not know the code.", show_default=False)
]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", help="Break the figure down: specialty, diagnosis, procedure, hrg, episode_group, age_band, …", show_default=False
    ),
]
ChooseOption = Annotated[
    list[str] | None,
    typer.Option(
        "--choose", help="For measures with choices: diagnosis=K80, or a code list's name; once for each choice.", show_default=False
    ),
]
PeersOption = Annotated[
    str | None, typer.Option("--peers", help="For own_list: codes with commas. For peer_list: the list's name.", show_default=False)
]
CountOption = Annotated[int | None, typer.Option("--count", help="How many similar organisations, instead of ten.", show_default=False)]
AsWasOption = Annotated[bool, typer.Option("--as-was", help="Organisations as they were, before mergers since.")]
AllMonthsOption = Annotated[bool, typer.Option("--all-months", help="Keep months that look incomplete.")]
WhyOption = Annotated[
    str | None, typer.Option("--why", help="Why it is needed: for an output checker, where codes are your own.", show_default=False)
]


class RequestError(FarrError):
    """A request that cannot be read; the message names the option."""


def asked(
    organisation: str,
    measure: str,
    norm: str,
    period: str | None,
    level: str | None,
    *,
    by: str | None = None,
    choose: list[str] | None = None,
    peers: str | None = None,
    count: int | None = None,
    as_was: bool = False,
    all_months: bool = False,
    why: str | None = None,
) -> BenchmarkRequest:
    """The request that the options make. Raises RequestError."""
    try:
        return BenchmarkRequest(
            organisation=organisation, measure=measure, norm=norm, period=period, level=level, by=by, choices=_choices(choose or []),
            peers=tuple(code.strip() for code in (peers or "").split(",") if code.strip()), count=count,
            as_was=as_was, all_months=all_months, why=why,
        )  # fmt: skip
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        option = str(first["loc"][0]).replace("_", "-")
        raise RequestError(f"--{option} cannot be read ({first['msg']}); type --help for how it is written") from None


def _choices(typed: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in typed]
    wrong = [name for name, separator, codes in pairs if not separator or not codes]
    if wrong:
        raise RequestError(f"--choose {wrong[0]} is not written as NAME=CODES, such as diagnosis=K80")
    return {name.strip(): codes.strip() for name, _, codes in pairs}
