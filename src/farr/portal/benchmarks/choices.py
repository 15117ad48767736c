"""What may be chosen on a benchmark page: the query of its URL, read and written in one place, so that every view can be bookmarked."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.http import QueryDict
from pydantic import ValidationError

from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Contents, NormCard, Page

DEFAULT_NORM = "national"
_CODES = "codes."


class ChoiceError(FarrError):
    """A choice that there is not; the message says which, and what there is. `field`: its name in the address, for the log."""

    def __init__(self, why: str, *, field: str = "") -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class View:
    """One view of one measure: what its URL says. Empty: as published ahead. `codes` are those chosen for what the measure leaves open,
    such as (diagnosis, K80 K81); `why` they are needed is for the output checkers, is sent by a form, and is no part of the address."""

    level: str
    organisation: str
    measure: str
    norm: str = DEFAULT_NORM
    period: str = ""
    by: str = ""
    peers: tuple[str, ...] = ()
    count: int | None = None
    beside: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    why: str = ""

    @property
    def path(self) -> str:
        return f"/o/{quote(self.level)}/{quote(self.organisation, safe='')}/{quote(self.measure)}/"

    @property
    def query(self) -> str:
        said = {
            "norm": self.norm if self.norm != DEFAULT_NORM else "", "period": self.period, "by": self.by, "peers": " ".join(self.peers),
            "count": str(self.count or ""), "with": self.beside, **{_CODES + name: chosen for name, chosen in self.codes},
        }  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def url(self) -> str:
        return self.path + (f"?{self.query}" if self.query else "")

    def other(self, **changes: Any) -> "View":
        return replace(self, **changes)

    def fitting(self, contents: Contents) -> "View":
        """The view without what its norm does not take: fields of another norm stand on the page that it is chosen on."""
        norm = next((each for each in contents.norms if each.name == self.norm), None)
        takes = () if norm is None else norm.options
        return self.other(peers=self.peers if "peers" in takes else (), count=self.count if "count" in takes else None)

    def is_ahead(self, contents: Contents) -> bool:
        """Whether it is a standard view, of which a page may have been published ahead."""
        return not (self.period or self.by or self.peers or self.count or self.codes) and self.norm in contents.ahead

    def year_published(self, contents: Contents) -> str | None:
        """Of a standard view at a level without pages ahead: the year that was published, by which its page is asked for; else None."""
        return contents.periods.get(self.level, {}).get(self.measure) if self.is_ahead(contents) else None

    def request(self) -> BenchmarkRequest:
        """What the release service is asked. Raises ChoiceError."""
        try:
            return BenchmarkRequest(
                organisation=self.organisation, measure=self.measure, norm=self.norm, period=self.period or None, level=self.level,
                by=self.by or None, peers=self.peers, count=self.count, choices=dict(self.codes), why=self.why or None,
            )  # fmt: skip
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
            field = str(error.errors(include_input=False)[0]["loc"][0])  # what follows may be a name that was sent
            raise ChoiceError(f"what was chosen for '{where}' cannot be asked for", field=field) from None


def read_view(level: str, organisation: str, measure: str, query: QueryDict) -> View:
    """Raises ChoiceError."""
    first, last = query.get("from", ""), query.get("to", "")
    period = query.get("period", "") or (f"{first}..{last}" if first and last else "")
    count = query.get("count", "")
    if count and not (count.isdecimal() and len(count) <= 2 and 1 <= int(count) <= 50):
        raise ChoiceError("the number of peers is between 1 and 50", field="count")
    if period:
        try:
            Period.parse(period)
        except (FarrError, ValueError):
            raise ChoiceError("a period is written as 2024-04..2025-03, from its first month to its last", field="period") from None
    return View(
        level=level, organisation=organisation, measure=measure, norm=query.get("norm", "") or DEFAULT_NORM, period=period,
        by=query.get("by", ""), peers=tuple(query.get("peers", "").replace(",", " ").split()), count=int(count) if count else None,
        beside=query.get("with", ""),
        codes=tuple((name.removeprefix(_CODES), chosen.strip()) for name, chosen in sorted(query.items())
                    if name.startswith(_CODES) and chosen.strip()),
    )  # fmt: skip


def norms_at(contents: Contents, level: str) -> list[NormCard]:
    """The norms that can be made at a level."""
    return [each for each in contents.norms if level in each.levels]


def periods(contents: Contents, level: str, chosen: str = "") -> list[tuple[str, str]]:
    """Rolling years and single quarters within the months held, the latest first: value and title. The first is what was published. Of
    smaller organisations rolling years alone. What was `chosen` is always among them."""
    first, last = Month.parse(contents.first_month), Month.parse(contents.last_month)
    is_smaller = level in contents.periods
    found = [("", "The year published" if is_smaller else "Latest rolling year")]
    month = last
    while month.plus(-11) >= first:
        if month.month % 3 == 0 or month == last:
            found.append((str(Period.rolling_year(month)), f"Year to {title(month)}"))
        month = month.plus(-1)
    month = last
    while not is_smaller and month.plus(-2) >= first and len(found) < 40:
        if month.month % 3 == 0:
            found.append((f"{month.plus(-2)}..{month}", f"Quarter to {title(month)}"))
        month = month.plus(-1)
    if chosen and chosen not in dict(found):
        span = Period.parse(chosen)
        found.append((chosen, f"{title(span.first)} to {title(span.last)}"))
    return found


def title(month: Month) -> str:
    names = ("January", "February", "March", "April", "May", "June",
             "July", "August", "September", "October", "November", "December")  # fmt: skip
    return f"{names[month.month - 1]} {month.year}"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Two organisations side by side, and what may be said of their difference."""

    columns: tuple[str, ...]
    lines: tuple[Any, ...]
    says: str


_NOT_RANKED = "indirectly standardised"


def beside(page: Page, code: str) -> Beside | None:
    """The organisation and another one of its level. None where none was chosen, or the other is the same. Raises ChoiceError where the
    statistics do not allow it.

    Indirectly standardised figures of two organisations rest on two different populations and are not compared (NHS England, SHMI
    methodology specification). Two 95% intervals that do not overlap show a difference at the 5% level and are more cautious than a
    test of it; where they overlap, nothing follows (Schenker and Gentleman, The American Statistician 2001;55:182-186)."""
    if not code or code == page.organisation:
        return None
    if page.measure.kind.startswith(_NOT_RANKED):
        raise ChoiceError(
            f"{page.measure.title} is indirectly standardised: each figure is set beside the nation for people like its own, and two of "
            "them cannot be compared",
            field="with",
        )
    lines = {line.code: line for line in page.table.lines}
    if code not in lines:
        raise ChoiceError(f"there is no {page.level_title.lower()} '{code}' in this table", field="with")
    own, other = _interval(page, page.organisation), _interval(page, code)
    name = lines[code].name
    if own is None or other is None:
        says = "One of the two is not shown (small numbers), so that nothing can be said of their difference."
    elif own[0] > other[1]:
        says = f"{page.organisation_name} is higher than {name}: their 95% intervals do not overlap, so this is unlikely to be chance."
    elif own[1] < other[0]:
        says = f"{page.organisation_name} is lower than {name}: their 95% intervals do not overlap, so this is unlikely to be chance."
    else:
        says = "Their 95% intervals overlap: whether they differ by more than chance cannot be told from these figures."
    return Beside(columns=page.table.columns, lines=(lines[page.organisation], lines[code]), says=says)


def _interval(page: Page, code: str) -> tuple[float, float] | None:
    sheet = next((each for each in page.sheets if each.name == "Benchmark"), None)
    if sheet is None:
        return None
    place = {column.field: at for at, column in enumerate(sheet.columns)}
    for row in sheet.rows:
        if row[place["organisation"]] == code:
            lower, upper = row[place["lower"]], row[place["upper"]]
            return (float(lower), float(upper)) if lower is not None and upper is not None else None
    return None
