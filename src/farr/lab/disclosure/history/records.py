"""Which records figures were made of, month by month: whether those of two releases are the same, of one agreement or of two."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from farr.lab.model.dimension import DIMENSIONS, columns_of


@dataclass(frozen=True, kw_only=True)
class Records:
    """`files` tells by month which files were read: in them nothing changes. `content` tells by column and month what stands there, where
    it is known; a month that is not in it had nothing. Only digests of one `scheme` can be compared. `counted` names by figure the columns
    by which its rows are chosen and added up. `succession` is today's code by that of each organisation that has gone over into another, as
    it was known then; None where that is not known."""

    files: Mapping[str, str]
    content: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    scheme: str = ""
    counted: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    succession: Mapping[str, str] | None = None

    def at(self, month: str, columns: Collection[str]) -> dict[str, str] | None:
        """The digests of a month's columns; None where they are not known."""
        if not self.scheme or not columns or not set(columns) <= self.content.keys():
            return None
        return {each: self.content[each].get(month, "") for each in columns}

    def noted(self, dimensions: Sequence[str], months: Sequence[str]) -> dict[str, Any]:
        """What the ledger keeps of them, for a question of these dimensions and months."""
        grouped, counted_by = _columns(dimensions), (column for each in self.counted.values() for column in each)
        columns = sorted({*grouped, *map(_as_was, grouped), *counted_by} & self.content.keys())
        content = {column: {month: self.content[column].get(month, "") for month in months} for column in columns}
        files = {month: self.files.get(month, "") for month in months}
        if not self.scheme:
            return {"records": files}
        counted = {figure: list(columns) for figure, columns in self.counted.items()}
        return {"records": files, "content": {"scheme": self.scheme, "counted": counted, "columns": content}}


def records_noted(audit: Mapping[str, Any], otherwise: Mapping[str, str]) -> Records:
    """Those of a release, as the ledger has them. Before 2026-11-29 it did not say which files were read: then `otherwise`."""
    content: Mapping[str, Any] = audit.get("content", {})
    return Records(
        files=audit.get("records", otherwise), content=content.get("columns", {}), scheme=content.get("scheme", ""),
        counted=content.get("counted", {}),
    )  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What months are called beside those of a `new` release: months of the same records have the same name, whoever delivered them. One
    that was sent again is another month: nothing that was printed of one is a part of what is printed of the other."""

    new: Records
    _others: dict[tuple[str, str], list["_Month"]] = field(default_factory=dict[tuple[str, str], list["_Month"]], repr=False)
    _together: dict[int, dict[str, str]] = field(default_factory=dict[int, dict[str, str]], repr=False)

    def of_same_files(self, records: Records, months: Collection[str]) -> frozenset[str] | None:
        """What all these months of a release are called, for each of its figures, where it read the very files that the new one does; else
        None."""
        if any(records.files.get(month, "") != self.new.files.get(month, "") for month in months):
            return None
        return frozenset(map(self._own, months))

    def of(self, records: Records, month: str, figure: str, series: str, dimensions: Sequence[str], *, own: bool) -> tuple[str, bool]:
        """The name of a month of a release, for one of its figures by these dimensions; and whether nobody knows if its records are those
        of the new one, and they are taken to be. `own`: it is of the same agreement, so that other files are other records."""
        mine = self._own(month)
        if records.files.get(month, "") == self.new.files.get(month, ""):
            return mine, False
        columns = {*_columns(dimensions), *records.counted[figure]} if figure in records.counted else set[str]()
        found, now = records.at(month, columns), self.new.at(month, columns)
        known = found is not None and now is not None and records.scheme == self.new.scheme
        if known and found == now:
            return mine, False
        if not known and not own:
            return mine, True
        return self._among_others(_Month(f"{month} {records.files.get(month, '')}", records.scheme, found or {}), month, series), False

    def _own(self, month: str) -> str:
        return f"{month} {self.new.files.get(month, '')}"

    def regrouped(
        self, records: Records, months: Collection[str], named: frozenset[str], figure: str, dimensions: Sequence[str]
    ) -> "Regrouped | None":
        """What the `months` of a release, which are `named` otherwise, are called where its records are those of the new one, but that
        organisations have gone over into others in between; None where they are not, or that is not known."""
        mine = frozenset(map(self._own, months))
        if mine == named:
            return None
        if self.new.succession is None or records.succession is None or figure not in records.counted:
            return None
        columns = {_as_was(each) if _as_was(each) in self.new.content else each for each in _columns(dimensions)}
        columns |= set(records.counted[figure])
        for month in months:
            found = records.at(month, columns)
            if found is None or records.scheme != self.new.scheme or found != self.new.at(month, columns):
                return None
        then, now = records.succession, self.new.succession
        if id(then) not in self._together:  # as long as these names are, so is what they are of
            self._together[id(then)] = _joined(now, then)
        together = self._together[id(then)]
        return Regrouped(months=mine, together=together, then=then.keys(), now=now.keys())

    def _among_others(self, month: "_Month", of: str, series: str) -> str:
        """The name of one that is not the new one's: that of an earlier one of the same files, or of the same in all that both tell."""
        known = self._others.setdefault((of, series), [])
        for each in known:
            if each.name == month.name or each.agrees(month):
                month = replace(month, name=each.name)
                break
        if month not in known:
            known.append(month)
        return month.name


@dataclass(frozen=True, kw_only=True)
class Regrouped:
    """The same records by other codes: what the new release calls the `months`; and, by code of an organisation, of which it is one
    `together` with which then and now count the same. Codes that are not in it count the same by themselves. Those that had gone over into
    others `then`, and those that have `now`, count nothing."""

    months: frozenset[str]
    together: Mapping[str, str]
    then: Collection[str]
    now: Collection[str]


def _joined(*successions: Mapping[str, str]) -> dict[str, str]:
    """Of the codes that some succession has, by code one that stands for all that any of them joins it with."""
    joined: dict[str, str] = {}

    def end(code: str) -> str:
        while joined.get(code, code) != code:
            code = joined[code]
        return code

    for former, current in (pair for each in successions for pair in each.items()):
        joined[end(former)] = end(current)
    return {code: end(code) for code in [*joined, *joined.values()]}


@dataclass(frozen=True)
class _Month:
    name: str
    scheme: str
    digests: Mapping[str, str]

    def agrees(self, other: "_Month") -> bool:
        """Figures of two releases meet in the columns that both have: those must be the same."""
        both = self.digests.keys() & other.digests.keys()
        return bool(both) and self.scheme == other.scheme and all(self.digests[each] == other.digests[each] for each in both)


def calendar_of(name: str) -> str:
    """The month that a month's name is of, whatever its records."""
    return name.partition(" ")[0]


def _as_was(column: str) -> str:
    """The column of the organisation's code as it was fed, where a table has one."""
    return f"{column}_As_Was"


def _columns(dimensions: Sequence[str]) -> set[str]:
    return {DIMENSIONS[name].column for name in columns_of(dimensions)}
