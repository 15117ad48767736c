"""Flex and freeze: a month of a feed is sent again until it is frozen, and then stands.

What was sent, and when, is read from what the store recorded of each load, and from nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from farr.lab.engine.store import Store
from farr.lab.ingest.feed import FeedError
from farr.lab.model.agreement import check_not_behind, civil_date
from farr.lab.model.period import Month, Period


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The latest sending of a month: the table's `version` it made, when it was `sent` (UTC, 2025-05-14T09:30:00+00:00), the `number`
    of times the month was sent by then, whether it `is_frozen`, the `file`'s name, and how many `rows` of the month it loaded (None
    where the load was recorded before this was). `rows` is for programs: a figure leaves through the gate only."""

    version: int
    sent: str
    number: int
    is_frozen: bool
    file: str
    rows: int | None
    sha256: str = ""

    @property
    def status(self) -> str:
        return "frozen" if self.is_frozen else "flex"


def submissions(store: Store, table: str) -> dict[Month, Submission]:
    """The latest sending of every month of a loaded table, in order of months; none for a table that has no months, was never
    loaded, or is derived. Raises StoreError where the table cannot be read."""
    found: dict[Month, Submission] = {}
    for record in store.history(table):
        months: list[str] = record["months"] if "file" in record else []
        for text in months:
            month = Month.parse(text)
            found[month] = Submission(
                version=record["version"],
                sent=record["written_at"],
                number=found[month].number + 1 if month in found else 1,
                is_frozen=bool(record.get("frozen")),
                file=record["file"],
                rows=record.get("rows_by_month", {}).get(text),
                sha256=str(record.get("sha256", "")),
            )
    return dict(sorted(found.items()))


def check_clock(sent: Mapping[Month, Submission], table: str) -> None:
    """Raises ClockBehind where the machine's date is before that of a sending."""
    latest = max((datetime.fromisoformat(each.sent) for each in sent.values()), default=None)
    check_not_behind(civil_date(datetime.now(UTC)), latest, f"the last load of '{table}'")


def flex_note(sent: Mapping[Month, Submission], period: Period) -> str | None:
    """What a reader must know of a period's months: '2025-03 is flex: it may be sent again.' None where every one is frozen."""
    flex = [str(month) for month in period.months() if month in sent and not sent[month].is_frozen]
    if not flex:
        return None
    if len(flex) == 1:
        return f"{flex[0]} is flex: it may be sent again."
    named = flex[-1] if len(flex) == 2 else f"{len(flex) - 1} others up to {flex[-1]}"
    return f"{flex[0]} and {named} are flex: they may be sent again."


def frozen_among(
    sent: Mapping[Month, Submission], months: Collection[Month], file: str, thaw: str | None, *, again: str | None = None
) -> tuple[Month, ...]:  # fmt: skip
    """The frozen ones of the months that a file would replace, where a reason to thaw them is given. Raises FeedError where they are
    frozen and none is. A month that the very file with the hash `again` froze may be frozen by it once more: whoever loaded it was
    perhaps cut off before it was said."""
    frozen = sorted(month for month in months if month in sent and sent[month].is_frozen and sent[month].sha256 != (again or None))
    if frozen and thaw is None:
        first = sent[frozen[0]]
        others = f", and so are {len(frozen) - 1} other months of it up to {frozen[-1]}" if len(frozen) > 1 else ""
        raise FeedError(
            f"{file} holds {frozen[0]}, which was frozen on {first.sent[:10]} by {first.file}{others}; nothing was loaded; leave frozen "
            'months out with --period, or where they must be replaced, say why: --thaw "REASON"'
        )
    return tuple(frozen)
